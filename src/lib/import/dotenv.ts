/**
 * `.env` as `dotenv` for Node reads it (its `lib/main.js`, function `parse`), its surprises
 * included: `A=a#b` is `a`, `\"` keeps its backslash, and nothing is expanded.
 *
 * `dotenv` uses one regular expression, which goes back over a file of blank lines again and again;
 * this reads forward only. A property test compares the two.
 */
import { lineEnd, Names, Reader, skipFrom, type Assignments } from '#lib/import/env-line.ts';
import { nameOnLine } from '#lib/import/line-name.ts';

const SPACE = /\s/;
const NAME = /[\w.-]/;

/** @throws {ImportError} `too-large` */
export function readDotenv(text: string): Assignments {
	return readStatements(text, (names, line, name, written) => {
		const inner = unquoted(written);
		const isDouble = written.startsWith('"');
		names.set(line, name, isDouble ? withBreaks(inner) : inner);
	});
}

/** @param take is handed each statement's value as it is written, quotes and all */
export function readStatements(
	text: string,
	take: (names: Names, line: number, name: string, written: string) => void
): Assignments {
	const reader = new Reader(text);
	const names = new Names();
	for (;;) {
		reader.skip(SPACE);
		if (reader.ended) return names.done();
		const { line, at } = reader;
		const found = statementAt(reader.text, at);
		if (found === undefined) {
			const rest = reader.takeLine();
			if (!rest.startsWith('#')) names.refuse(line, nameOnLine(rest), 'syntax');
			continue;
		}
		take(names, line, found.name, found.written.trim());
		reader.moveTo(found.end);
		reader.takeLine();
	}
}

/** Without the quotes around it. */
export function unquoted(written: string): string {
	const quote = written.charAt(0);
	const isQuoted = /['"`]/.test(quote) && written.length > 1 && written.endsWith(quote);
	return isQuoted ? written.slice(1, -1) : written;
}

/** With the line breaks that are written as `\n` and `\r`. */
export function withBreaks(text: string): string {
	return text.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}

interface Statement {
	readonly name: string;
	readonly written: string;
	readonly end: number;
}

/** `export` is a name of its own where no other follows. */
function statementAt(text: string, at: number): Statement | undefined {
	const past = text.startsWith('export', at) ? skipFrom(text, at + 6, SPACE) : at;
	const exported = past > at + 6 ? namedAt(text, past) : undefined;
	return exported ?? namedAt(text, at);
}

function namedAt(text: string, at: number): Statement | undefined {
	const nameEnd = skipFrom(text, at, NAME);
	if (nameEnd === at) return undefined;
	const sign = skipFrom(text, nameEnd, SPACE);
	const colon = text.charAt(nameEnd) === ':' && SPACE.test(text.charAt(nameEnd + 1));
	if (!colon && text.charAt(sign) !== '=') return undefined;
	const start = colon ? nameEnd + 2 : sign + 1;
	const name = text.slice(at, nameEnd);
	const open = skipFrom(text, start, SPACE);
	const close = /['"`]/.test(text.charAt(open)) ? closingQuote(text, open) : undefined;
	if (close !== undefined) return { name, written: text.slice(open, close + 1), end: close + 1 };
	const rest = text.slice(start, lineEnd(text, start));
	const comment = rest.indexOf('#');
	const written = comment === -1 ? rest : rest.slice(0, comment);
	return { name, written, end: start + written.length };
}

/**
 * The last quote that may close what opens at `open`: the first one without a backslash before it,
 * or else the last one with it. After it nothing but a comment may follow.
 */
function closingQuote(text: string, open: number): number | undefined {
	const quote = text.charAt(open);
	let escaped: number | undefined;
	for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
		const ends = endsStatement(text, at + 1);
		if (text.charAt(at - 1) !== '\\' || at - 1 === open) return ends ? at : escaped;
		if (ends) escaped = at;
	}
	return escaped;
}

function endsStatement(text: string, at: number): boolean {
	const next = skipFrom(text, at, SPACE);
	return next === text.length || text.charAt(next) === '#' || text.slice(at, next).includes('\n');
}
