/**
 * `$NAME` and `${NAME…}` as shells, Compose and dotenvx write them. A name means what the file
 * itself set further up; what the machine has set is not known here, and not guessed.
 */
import type { Reason } from '#lib/import/content.ts';
import { VARIABLE } from '#lib/import/env-line.ts';

export type Expanded =
	{ readonly value: string; readonly end: number } | { readonly why: Reason; readonly end: number };

/** What a name is set to: undefined for nothing, null for something that is not known. */
export type Values = (name: string) => string | null | undefined;

/** Longest text in braces that is read; a default is a word, not a file. */
const BRACES_LENGTH = 4_096;
const NAME_LENGTH = 200;
const BRACED = /^\$\{([A-Za-z_]\w*)(?:(:?[-+])([^{}$`]*))?\}/;

/**
 * What the `$` at `at` and what follows it stand for, and where that ends; undefined if it is only
 * a dollar sign.
 */
export function expanded(text: string, at: number, get: Values): Expanded | undefined {
	const next = text.charAt(at + 1);
	if (next === '(') return { why: 'command', end: at };
	if (next === '{') return bracedAt(text, at, get);
	const name = VARIABLE.exec(text.slice(at + 1, at + 1 + NAME_LENGTH))?.[0];
	if (name === undefined) {
		// $1, $?, $$: what a program was started with.
		return /[0-9@*#?$!-]/.test(next) ? { why: 'variable', end: at } : undefined;
	}
	const value = get(name);
	return typeof value !== 'string'
		? { why: 'variable', end: at }
		: { value, end: at + 1 + name.length };
}

function bracedAt(text: string, at: number, get: Values): Expanded {
	const found = BRACED.exec(text.slice(at, at + BRACES_LENGTH));
	if (found === null) return { why: 'variable', end: at };
	const [all, name = '', operator, word = ''] = found;
	const end = at + all.length;
	const value = get(name);
	if (value === null) return { why: 'variable', end: at };
	const there = value !== undefined && (value !== '' || operator?.startsWith(':') !== true);
	if (operator?.endsWith('+') === true) return { value: there ? word : '', end };
	if (there) return { value, end };
	return operator === undefined ? { why: 'variable', end: at } : { value: word, end };
}
