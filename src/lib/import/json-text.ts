/**
 * JSON without loss. `JSON.parse` keeps of a number what a double holds, and of two members of one
 * name the last; a key may be a number of twenty digits, and both members may be keys.
 */
import { ImportError } from '#lib/import/content.ts';

export interface ParsedJson {
	/** A number that a double does not hold as it is written is the text of it. */
	readonly json: unknown;
	/** Of the outermost object, as they are written: a name that stands there twice is twice here. */
	readonly names: readonly string[];
}

const QUOTE = '"';
const NUMBER_BEGINS = /[-\d]/;
const IN_NUMBER = /[-+.eE\d]/;

/** @throws {ImportError} `format`, also where a name stands twice in an object further in */
export function parseJson(text: string): ParsedJson {
	const json = parsed(text);
	const { names, exact } = scanned(text);
	return { json: exact === undefined ? json : parsed(exact), names };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new ImportError('format', 'not JSON, or cut');
	}
}

/**
 * Once over text that is JSON.
 *
 * @returns `exact`: with numbers in quotes where they would change; undefined if none would
 */
function scanned(text: string): { names: readonly string[]; exact: string | undefined } {
	const names: string[] = [];
	const pieces: string[] = [];
	/** The names so far in each object that is open; a list has none. */
	const open: (Set<string> | undefined)[] = [];
	let kept = 0;
	let isName = false;
	for (let at = 0; at < text.length;) {
		const sign = text.charAt(at);
		const start = at++;
		if (sign === QUOTE) {
			at = stringEnd(text, start);
			if (isName) takeName(text.slice(start, at), open, names);
			isName = false;
		} else if (NUMBER_BEGINS.test(sign)) {
			while (IN_NUMBER.test(text.charAt(at))) at++;
			const number = text.slice(start, at);
			if (String(Number(number)) === number) continue;
			pieces.push(text.slice(kept, start), QUOTE, number, QUOTE);
			kept = at;
		} else if (sign === '{' || sign === '[') {
			isName = sign === '{';
			open.push(isName ? new Set() : undefined);
		} else if (sign === '}' || sign === ']') open.pop();
		else if (sign === ',') isName = open.at(-1) !== undefined;
	}
	const exact = pieces.length === 0 ? undefined : pieces.join('') + text.slice(kept);
	return { names, exact };
}

function stringEnd(text: string, open: number): number {
	let at = open + 1;
	while (at < text.length && text.charAt(at) !== QUOTE) at += text.charAt(at) === '\\' ? 2 : 1;
	return at + 1;
}

function takeName(
	written: string,
	open: readonly (Set<string> | undefined)[],
	names: string[]
): void {
	const name = written.includes('\\') ? String(parsed(written)) : written.slice(1, -1);
	if (open.length === 1) {
		names.push(name);
		return;
	}
	const before = open.at(-1);
	if (before?.has(name) === true) throw new ImportError('format', 'a name twice in an object');
	before?.add(name);
}
