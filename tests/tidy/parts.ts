/** A part that is loaded while the page stands may not come: the network goes, or a newer version is out. */
import { isProgram, type Fault, type Source } from './sources.ts';

const PART = /\{#await import\('([^']+)'\)[\s\S]*?\{\/await\}/g;

/** Parts in whose place nothing is said when they do not load. */
export function partFaults(sources: readonly Source[]): Fault[] {
	return sources
		.filter(isProgram)
		.flatMap(({ path, text }) =>
			[...text.matchAll(PART)]
				.filter(([block]) => !block.includes('{:catch'))
				.map(([, part = '']) => ({ path, what: `says nothing where ${part} does not load` }))
		);
}
