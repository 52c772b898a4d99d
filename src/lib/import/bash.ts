/**
 * Assignments as a shell reads them (POSIX.1-2024, 2.2 to 2.6, and bash's `$'…'`): what
 * `export -p`, `infisical export --format=dotenv-eval` and people's own `.env.sh` hold.
 *
 * Only assignments are read. Whatever would run a program, or write a file, is refused as what it
 * is; variables that the file sets itself are put in their place.
 */
import { ENTRIES_MAX, ImportError, type Reason } from '#lib/import/content.ts';
import { expanded, type Values } from '#lib/import/expansion.ts';
import {
	lineEnd,
	Names,
	Reader,
	skipFrom,
	VARIABLE,
	type Assignments
} from '#lib/import/env-line.ts';
import { nameOnLine } from '#lib/import/line-name.ts';

const BLANK = /[ \t]/;
const EMPTY = /\s/;
/** Before the names that they set. */
const WORDS = /^(?:export|declare|typeset|readonly)[ \t]+(?:-[A-Za-z]+[ \t]+)*(?:--[ \t]+)?/;
const ENDS = /[ \t\n;]/;
/** Names that the rest of a refused line sets: at the start of its commands, or in any of its words. */
const SET = /(?:^|[;&|(])[ \t]*([A-Za-z_]\w{0,199})\+?=/g;
const WORD_SET = /(?:^|[\s;&|(])([A-Za-z_]\w{0,199})\+?=/g;
/** Outside of quotes these begin something else than a value. */
const OPERATORS = /[|&<>()`]/;
/** Of `$'…'`; others keep their backslash. */
const ANSI: Readonly<Record<string, string>> = {
	n: '\n',
	r: '\r',
	t: '\t',
	a: '\x07',
	b: '\b',
	e: '\x1b',
	E: '\x1b',
	f: '\f',
	v: '\v',
	'\\': '\\',
	"'": "'",
	'"': '"',
	'?': '?'
};

/** A word as it is read: `end` is the place after it. */
type Word =
	{ readonly value: string; readonly end: number } | { readonly why: Reason; readonly end: number };

/** @throws {ImportError} `too-large` */
export function readBash(text: string): Assignments {
	const reader = new Reader(text);
	const names = new Names();
	for (;;) {
		reader.skip(EMPTY);
		if (reader.ended) return names.done();
		if (reader.here === '#') reader.takeLine();
		else readStatement(reader, names);
	}
}

/** One line, or more where a quote goes on: any number of names. Whole or not at all. */
function readStatement(reader: Reader, names: Names): void {
	const { text, line } = reader;
	const start = reader.at;
	const words = WORDS.exec(text.slice(start, start + 64))?.[0] ?? '';
	const found: { name: string; value: string }[] = [];
	const own = new Map<string, string>();
	const get = (name: string) => (own.has(name) ? names.expand(own.get(name)) : names.get(name));
	let at = start + words.length;
	let why: Reason | undefined;
	/** Whether the names of this statement are set, to what is not known. */
	let isSet = words !== '';
	for (;;) {
		const name = VARIABLE.exec(text.slice(at, at + 200))?.[0] ?? '';
		if (name === '' || text.charAt(at + name.length) !== '=') {
			why ??= found.length > 0 && words === '' ? 'command' : 'syntax';
			break;
		}
		const word = wordAt(text, at + name.length + 1, get);
		at = word.end;
		if ('why' in word) {
			why ??= word.why;
			isSet = true;
		} else {
			found.push({ name, value: word.value });
			own.set(name, word.value);
			if (found.length > ENTRIES_MAX) throw new ImportError('too-large', 'too many words');
		}
		at = skipFrom(text, at, BLANK);
		if (why !== undefined || at >= text.length || /[\n;#]/.test(text.charAt(at))) break;
	}
	if (why === undefined) for (const { name, value } of found) names.set(line, name, value);
	else {
		const rest = text.slice(isSet ? start : at, lineEnd(text, at));
		for (const [, name = ''] of rest.matchAll(isSet ? WORD_SET : SET)) names.drop(name);
		names.refuse(
			line,
			nameOnLine(text.slice(start + words.length, start + words.length + 200)),
			why
		);
	}
	reader.moveTo(at);
	if (why === undefined && reader.here === ';') reader.moveTo(at + 1);
	else reader.takeLine();
}

function wordAt(text: string, start: number, get: Values): Word {
	const parts: string[] = [];
	let at = start;
	while (at < text.length && !ENDS.test(text.charAt(at))) {
		const piece = pieceAt(text, at, get);
		if ('why' in piece) return piece;
		parts.push(piece.value);
		at = piece.end;
	}
	return { value: parts.join(''), end: at };
}

function pieceAt(text: string, at: number, get: Values): Word {
	const sign = text.charAt(at);
	if (sign === "'") return singleAt(text, at);
	if (sign === '"') return doubleAt(text, at, get);
	if (sign === '$' && text.charAt(at + 1) === "'") return ansiAt(text, at + 1);
	if (sign === '\\') {
		const escaped = text.charAt(at + 1);
		return { value: escaped === '\n' ? '' : escaped, end: at + 2 };
	}
	if (sign === '$') return variableAt(text, at, get);
	if (OPERATORS.test(sign)) return { why: 'command', end: at };
	// At the start of a word it stands for a home directory, which the file does not name.
	if (sign === '~' && /[=:]/.test(text.charAt(at - 1))) return { why: 'variable', end: at };
	const end = at + Math.max(1, text.slice(at).search(/[\s'"\\$;|&<>()`~]|$/));
	return { value: text.slice(at, end), end };
}

function singleAt(text: string, open: number): Word {
	const close = text.indexOf("'", open + 1);
	if (close === -1) return { why: 'syntax', end: open };
	return { value: text.slice(open + 1, close), end: close + 1 };
}

function doubleAt(text: string, open: number, get: Values): Word {
	const parts: string[] = [];
	let at = open + 1;
	while (at < text.length && text.charAt(at) !== '"') {
		const sign = text.charAt(at);
		if (sign === '`') return { why: 'command', end: open };
		if (sign === '$') {
			const variable = variableAt(text, at, get);
			if ('why' in variable) return { why: variable.why, end: open };
			parts.push(variable.value);
			at = variable.end;
		} else if (sign === '\\' && /[$`"\\\n]/.test(text.charAt(at + 1))) {
			parts.push(text.charAt(at + 1).replace('\n', ''));
			at += 2;
		} else {
			parts.push(sign);
			at++;
		}
	}
	return at < text.length ? { value: parts.join(''), end: at + 1 } : { why: 'syntax', end: open };
}

function ansiAt(text: string, open: number): Word {
	const parts: string[] = [];
	for (let at = open + 1; at < text.length; at++) {
		const sign = text.charAt(at);
		if (sign === "'") return { value: parts.join(''), end: at + 1 };
		if (sign !== '\\') {
			parts.push(sign);
			continue;
		}
		const escaped = text.charAt(++at);
		// Octal, hexadecimal, control: nobody's exporter writes them for what a key may hold.
		if (/[0-7xuUc]/.test(escaped)) return { why: 'syntax', end: open };
		parts.push(ANSI[escaped] ?? `\\${escaped}`);
	}
	return { why: 'syntax', end: open };
}

function variableAt(text: string, at: number, get: Values): Word {
	const found = expanded(text, at, get);
	return found ?? { value: '$', end: at + 1 };
}
