/** Names that say nothing, files that only pass on, and words that do not belong in the project. */
import { posix } from 'node:path';
import { literalsOf } from './code.ts';
import { isProgram, isTest, type Fault, type Source } from './sources.ts';

const EMPTY_NAMES = new Set([
	'utils',
	'util',
	'helpers',
	'helper',
	'services',
	'managers',
	'common'
]);

/** Escapes from the type checker and the linter, and promises for later. */
const ESCAPES =
	/\b(TODO|FIXME|XXX)\b|eslint-disable|@ts-(ignore|nocheck|expect-error)|\bas unknown as\b|\bas any\b/;
/** Folders of somebody's own machine. */
const MACHINE_PATH = /(^|[\s'"`(=:])\/(home|Users|root|work|mnt)\/[\w.]/;
/** What scanners take for somebody's key, by a beginning that nobody else's have. */
const KEY =
	/\b(?:AKIA[A-Z2-7]{16}|gh[pousr]_\w{36}|sk_(?:live|test)_\w{16,}|sk-(?:proj|ant)-[\w-]{20,}|glpat-[\w-]{20}|AIza[\w-]{35}|npm_\w{36})\b/;
const FILLER = /\blorem ipsum\b/i;

const COLOUR = /(?<![\w&.])#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b/gi;

/** Files and folders named after nothing, and barrels. */
export function nameFaults(sources: readonly Source[]): Fault[] {
	return sources.flatMap(({ path }) => {
		const parts = path.split('/').map((part) => part.replace(/\..*$/, ''));
		const empty = parts.find((part) => EMPTY_NAMES.has(part));
		if (empty !== undefined) return [{ path, what: `${empty} says nothing of what is in it` }];
		if (/^src\/.*(^|\/)index\.(ts|js)$/.test(path)) return [{ path, what: 'a barrel' }];
		return [];
	});
}

/** Words that have no place in what is delivered. */
export function wordFaults(sources: readonly Source[]): Fault[] {
	return sources
		.filter(({ path }) => !path.startsWith('tests/tidy'))
		.flatMap(({ path, text }) => {
			const faults: Fault[] = [];
			const escape = /\.(ts|js|svelte)$/.test(path) ? ESCAPES.exec(text)?.[0] : undefined;
			if (escape !== undefined) faults.push({ path, what: `“${escape}” is an escape` });
			if (MACHINE_PATH.test(text)) faults.push({ path, what: 'a path of somebody’s machine' });
			if (KEY.test(text)) faults.push({ path, what: 'what looks like a key of somebody' });
			if (FILLER.test(text)) faults.push({ path, what: 'filler text' });
			const outside = pathOutside(path, text);
			if (outside !== undefined) faults.push({ path, what: `${outside} leads out of the project` });
			return faults;
		});
}

/** What scrolls is what its absolutely placed parts are placed in: else they make the page longer. */
export function scrollFaults(sources: readonly Source[]): Fault[] {
	return sources
		.filter(({ path }) => /^src\/.*\.(svelte|css)$/.test(path))
		.flatMap(({ path, text }) =>
			[...text.matchAll(/\{[^{}]*\}/g)]
				.map(([rule]) => rule)
				.filter((rule) => /\boverflow(-[xy])?: *(auto|scroll)\b/.test(rule))
				.filter((rule) => !/\bposition:/.test(rule))
				.map(() => ({ path, what: 'something that scrolls has no position' }))
		);
}

/** Colours are tokens: their values stand in one style sheet. */
export function colourFaults(sources: readonly Source[]): Fault[] {
	return sources
		.filter(({ path }) => path.startsWith('src/') && path !== 'src/app.css' && !isTest(path))
		.flatMap((source) => {
			const texts = isProgram(source) ? literalsOf(source) : [source.text];
			const colour = texts.map(colourIn).find((found) => found !== undefined);
			return colour === undefined ? [] : [{ path: source.path, what: `the colour ${colour}` }];
		});
}

/** `#add` may be the name of a place in a page; a colour has a digit, six figures or one letter. */
function colourIn(text: string): string | undefined {
	return [...text.matchAll(COLOUR)]
		.map(([match]) => match)
		.find((match) => /\d/.test(match) || match.length > 5 || /^#(.)\1+$/i.test(match));
}

function pathOutside(path: string, text: string): string | undefined {
	const folder = posix.dirname(path);
	return [...text.matchAll(/(?<![\w./])(?:\.\.\/)+[a-z][\w-]*/gi)]
		.map(([match]) => match)
		.find((match) => posix.join(folder, match).startsWith('..'));
}
