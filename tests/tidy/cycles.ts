/**
 * Files that import each other in a ring: which of them is there when another begins is luck, and none
 * can be read alone. Types do not count, since nothing is left of them; nor does what is loaded later.
 */
import { valueImportsOf } from './code.ts';
import { projectPath } from './layers.ts';
import { isProgram, type Fault, type Source } from './sources.ts';

/** One fault for each file from which a chain of imports leads back to it. */
export function cycleFaults(sources: readonly Source[]): Fault[] {
	const next = new Map(
		sources
			.filter(isProgram)
			.filter(({ path }) => path.startsWith('src/'))
			.map((source) => [
				source.path,
				valueImportsOf(source)
					.map((specifier) => projectPath(source.path, specifier))
					.filter((path) => path !== undefined)
			])
	);
	return [...next.keys()]
		.map((path) => ringFrom(path, next))
		.filter((ring) => ring !== undefined)
		.map((ring) => ({
			path: ring[0] ?? '',
			what: `leads back to itself: ${ring.slice(1).join(' -> ')}`
		}));
}

/** The shortest way from `start` back to it. */
function ringFrom(
	start: string,
	next: ReadonlyMap<string, readonly string[]>
): string[] | undefined {
	const seen = new Set<string>();
	const queue = [[start]];
	for (let chain = queue.shift(); chain !== undefined; chain = queue.shift()) {
		for (const path of next.get(chain.at(-1) ?? '') ?? []) {
			if (path === start) return [...chain, path];
			if (seen.has(path)) continue;
			seen.add(path);
			queue.push([...chain, path]);
		}
	}
	return undefined;
}
