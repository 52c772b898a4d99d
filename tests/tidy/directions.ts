/** Styles name where a line begins and ends, not left and right: some languages are read leftwards. */
import type { Fault, Source } from './sources.ts';

const SIDED = [
	/(?<![-\w])(?:scroll-)?(?:margin|padding|border)-(?:left|right)(?=[-:])/,
	/(?<![-\w])border-(?:top|bottom)-(?:left|right)-radius(?=:)/,
	/(?:^|[\s;{])(?:left|right)(?=:)/,
	/(?<![-\w])(?:text-align|float|clear): *(?:left|right)(?=;)/
];

/** Properties of a style sheet, or of a component's, that are of one side. */
export function directionFaults(sources: readonly Source[]): Fault[] {
	return sources
		.filter(({ path }) => path.startsWith('src/') && /\.(css|svelte)$/.test(path))
		.flatMap(({ path, text }) =>
			SIDED.map((pattern) => pattern.exec(stylesOf(path, text))?.[0].trim())
				.filter((found) => found !== undefined)
				.map((found) => ({ path, what: `${found} is of one side` }))
		);
}

function stylesOf(path: string, text: string): string {
	const styles = path.endsWith('.css')
		? text
		: [...text.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style]) => style).join('\n');
	return styles.replace(/\/\*.*?\*\//gs, '');
}
