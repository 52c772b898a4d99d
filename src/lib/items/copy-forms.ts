/**
 * A key in the words of the program that reads it next: a line of a `.env` file or of a shell, a
 * header, JSON.
 *
 * Every form is one that its program reads back as the very value; programs read `.env` files by
 * rules of their own (dotenv, dotenvx, docker compose), so a line is one that they read alike.
 * A value that a form cannot say is answered with the reason, never with a text that reads as
 * another value.
 */
import type { Overview } from '#lib/items/key.ts';
import { ONLY_FIELD } from '#lib/items/paste.ts';

/** Ways to say one value. */
export const VALUE_FORMS = ['value', 'assignment', 'export', 'bearer', 'json', 'curl'] as const;
export type ValueForm = (typeof VALUE_FORMS)[number];

/** What is copied: one value in a form, or all values of a key at once. */
export type CopyChoice =
	{ readonly form: ValueForm; readonly field: number } | { readonly form: 'all-env' | 'all-json' };

/**
 * `nul`: the form is text that ends at a NUL character.   `quotes`: readers of `.env` files disagree
 * about every way to quote it.   `header`: a header is one line of ASCII.
 */
export type Unsayable = 'nul' | 'quotes' | 'header';

export type Said = { readonly text: string } | { readonly unsayable: Unsayable };

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** The name of last resort, where neither variable nor name has an ASCII letter or digit. */
const NAMELESS = 'API_KEY';
/** No reader of an assignment gives any of these a meaning. */
const PLAIN = /^[A-Za-z0-9_./:@%+=,-]+$/;
/** One line of printable ASCII, without blanks at its ends, which readers of headers take away. */
const HEADER = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * What is copied of a key.
 *
 * @param values of the overview's fields, in their order
 * @throws {RangeError} if the choice is of a field that there is not
 */
export function sayKey(overview: Overview, values: readonly string[], choice: CopyChoice): Said {
	const names = variablesOf(overview, values.length);
	const named = values.map((value, index) => ({ name: names[index] ?? NAMELESS, value }));
	if (!('field' in choice)) {
		return choice.form === 'all-env' ? sayEnv(named) : { text: json(named) };
	}
	const one = named[choice.field];
	if (one === undefined) throw new RangeError('the key has no such field');
	return sayValue(choice.form, one.name, one.value);
}

/** One value in a form. `name` is a variable of {@link variablesOf}. */
export function sayValue(form: ValueForm, name: string, value: string): Said {
	switch (form) {
		case 'value':
			return { text: value };
		case 'assignment':
			return assignment(name, value);
		case 'export':
			return value.includes('\0')
				? { unsayable: 'nul' }
				: { text: `export ${name}=${shellQuoted(value)}` };
		case 'bearer':
			return header(value);
		case 'curl': {
			const said = header(value);
			return 'text' in said ? { text: `-H ${shellQuoted(said.text)}` } : said;
		}
		case 'json':
			return { text: json([{ name, value }]) };
	}
}

/**
 * The variable of each value, no two alike: the person's own, else one made of the name.
 *
 * @param count how many values there are
 */
export function variablesOf(overview: Overview, count = overview.fields.length): readonly string[] {
	const { envVars, fields, name } = overview;
	const found: string[] = [];
	for (let index = 0; index < count; index++) {
		const field = fields[index]?.name ?? ONLY_FIELD;
		const only = count === 1 || field === ONLY_FIELD;
		const own = envVars.includes(field) || envVars.length !== count ? undefined : envVars[index];
		found.push(unlike(found, variableOf(own ?? (only ? (envVars[0] ?? name) : field))));
	}
	return found;
}

/** `text` if it may be a variable of a shell, else one made of its letters and digits. */
function variableOf(text: string): string {
	if (VARIABLE.test(text)) return text;
	const words = text
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.split(/[^A-Za-z0-9]+/)
		.filter((word) => word !== '');
	if (words.length === 0) return NAMELESS;
	const joined = words.join('_').toUpperCase();
	return /^\d/.test(joined) ? `_${joined}` : joined;
}

function unlike(taken: readonly string[], name: string): string {
	let number = 2;
	let free = name;
	while (taken.includes(free)) free = `${name}_${number++}`;
	return free;
}

interface NamedValue {
	readonly name: string;
	readonly value: string;
}

/** A whole `.env` file; of several values the first that cannot be said is the reason. */
function sayEnv(named: readonly NamedValue[]): Said {
	const lines: string[] = [];
	for (const { name, value } of named) {
		const said = assignment(name, value);
		if ('unsayable' in said) return said;
		lines.push(said.text);
	}
	return { text: lines.join('\n') };
}

/**
 * One line of a `.env` file. Single quotes are literal to all readers, but a backslash at the end
 * would take the closing quote from docker compose, and dotenv reads a carriage return as a line
 * feed. In double quotes both know `\n` and `\r`; dotenv knows no other escape, and docker compose
 * replaces what begins with a dollar sign.
 */
function assignment(name: string, value: string): Said {
	if (value.includes('\0')) return { unsayable: 'nul' };
	if (PLAIN.test(value)) return { text: `${name}=${value}` };
	if (!/['\r]|\\$/.test(value)) return { text: `${name}='${value}'` };
	if (/["\\$`]/.test(value)) return { unsayable: 'quotes' };
	return { text: `${name}="${value.replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"` };
}

function header(value: string): Said {
	if (value.includes('\0')) return { unsayable: 'nul' };
	return HEADER.test(value) ? { text: `Authorization: Bearer ${value}` } : { unsayable: 'header' };
}

function json(named: readonly NamedValue[]): string {
	return JSON.stringify(Object.fromEntries(named.map(({ name, value }) => [name, value])));
}

/** Literal to every POSIX shell: a quote ends the quoting, stands escaped, and begins it again. */
function shellQuoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
