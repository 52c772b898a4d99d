/**
 * `.env` as Docker Compose reads it (compose-go, `dotenv/parser.go`): single quotes are literal,
 * all else is interpolated, `$$` is a dollar sign, and a comment needs a space before it.
 */
import { expanded } from '#lib/import/expansion.ts';
import { Names, Reader, type Assignments } from '#lib/import/env-line.ts';
import { nameOnLine } from '#lib/import/line-name.ts';
import type { Reason } from '#lib/import/content.ts';

const SPACE = /\s/;
const BLANK = /[ \t\v\f]/;
const STATEMENT = /^(?:export\s+)?([\w.\-[\]]+)[ \t]*[=:]/;
const ESCAPES: Readonly<Record<string, string>> = {
	a: '\x07',
	b: '\b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
	v: '\v',
	'"': '"',
	'\\': '\\',
	// What follows is interpolated, and `$$` is what is left of it then.
	$: '$$'
};
const NAME_LENGTH = 1_000;

type Read = { readonly value: string } | { readonly why: Reason };

/** @throws {ImportError} `too-large` */
export function readCompose(text: string): Assignments {
	const reader = new Reader(text);
	const names = new Names();
	for (;;) {
		reader.skip(SPACE);
		if (reader.ended) return names.done();
		if (reader.here === '#') reader.takeLine();
		else readStatement(reader, names);
	}
}

function readStatement(reader: Reader, names: Names): void {
	const { text, line, at } = reader;
	const found = STATEMENT.exec(text.slice(at, at + NAME_LENGTH));
	if (found === null) {
		names.refuse(line, nameOnLine(reader.takeLine()), 'syntax');
		return;
	}
	const [start, name = ''] = found;
	reader.moveTo(at + start.length);
	reader.skip(BLANK);
	const read = valueAt(reader, names);
	if ('why' in read) names.refuseValue(line, name, read.why);
	else names.set(line, name, read.value);
}

function valueAt(reader: Reader, names: Names): Read {
	const quote = reader.here;
	if (quote !== "'" && quote !== '"') {
		const [written = ''] = reader.takeLine().split(' #', 1);
		return interpolated(written.trimEnd(), names);
	}
	const quoted = quotedAt(reader.text, reader.at);
	if (quoted === undefined) {
		reader.takeLine();
		return { why: 'syntax' };
	}
	reader.moveTo(quoted.end);
	const rest = reader.takeLine().trim();
	if (rest !== '' && !rest.startsWith('#')) return { why: 'syntax' };
	return quote === "'" ? { value: quoted.inner } : interpolated(unescaped(quoted.inner), names);
}

/** A backslash before the quote is taken away; all others stay. */
function quotedAt(text: string, open: number): { inner: string; end: number } | undefined {
	const quote = text.charAt(open);
	const parts: string[] = [];
	for (let at = open + 1; at < text.length; at++) {
		const sign = text.charAt(at);
		if (sign === quote) return { inner: parts.join(''), end: at + 1 };
		if (sign === '\\' && at + 1 < text.length) {
			const next = text.charAt(++at);
			parts.push(next === quote ? next : sign + next);
		} else parts.push(sign);
	}
	return undefined;
}

function unescaped(inner: string): string {
	return inner.replace(
		/\\(?:0(\d{1,3})|([abfnrtv"\\$]))/g,
		(all, octal?: string, sign?: string) => {
			if (octal !== undefined) {
				const code = parseInt(octal, 8);
				return Number.isNaN(code) ? all : String.fromCharCode(code);
			}
			return sign === undefined ? all : (ESCAPES[sign] ?? all);
		}
	);
}

function interpolated(text: string, names: Names): Read {
	const parts: string[] = [];
	for (let at = 0; at < text.length;) {
		const dollar = text.indexOf('$', at);
		parts.push(text.slice(at, dollar === -1 ? text.length : dollar));
		if (dollar === -1) break;
		if (text.charAt(dollar + 1) === '$') {
			parts.push('$');
			at = dollar + 2;
			continue;
		}
		const found = /[A-Za-z_{]/.test(text.charAt(dollar + 1))
			? expanded(text, dollar, (name) => names.get(name))
			: undefined;
		if (found !== undefined && 'why' in found) return found;
		parts.push(found?.value ?? '$');
		at = found?.end ?? dollar + 1;
	}
	return { value: parts.join('') };
}
