/**
 * Tables of comma-separated values (RFC 4180), as password managers write them: quoted values may
 * hold commas, quotes (doubled) and line breaks. Semicolons and tabs are taken too: a spreadsheet
 * that saved the file may have put them there. A formula is text like any other.
 */
import { ENTRIES_MAX, ImportError } from '#lib/import/content.ts';

export interface CsvRow {
	/** On which its first value stands. */
	readonly line: number;
	readonly values: readonly string[];
}

/** Of one row: a table of this width is something else. */
const COLUMNS_MAX = 200;

/**
 * Every row that is not blank.
 *
 * @throws {ImportError} `format` if a quote does not end, `too-large`
 */
export function readCsv(text: string): CsvRow[] {
	const lines = text.replace(/\r\n?/g, '\n');
	const separator = separatorOf(lines);
	const rows: CsvRow[] = [];
	let line = 1;
	for (let at = 0; at < lines.length;) {
		const { values, end } = rowAt(lines, at, separator);
		const blank = values.length === 1 && values[0]?.trim() === '';
		if (!blank) rows.push({ line, values });
		if (rows.length > ENTRIES_MAX + 1) throw new ImportError('too-large', 'too many rows');
		for (let i = lines.indexOf('\n', at); i !== -1 && i < end; i = lines.indexOf('\n', i + 1))
			line++;
		at = end;
	}
	return rows;
}

function separatorOf(text: string): string {
	const head = text.slice(0, Math.max(0, text.search(/\n|$/)));
	const counts = [',', ';', '\t'].map((sign) => ({ sign, count: head.split(sign).length }));
	return counts.reduce((best, next) => (next.count > best.count ? next : best)).sign;
}

/** @returns the values, and where the next row begins */
function rowAt(text: string, start: number, separator: string) {
	const values: string[] = [];
	let at = start;
	for (;;) {
		const { value, end } =
			text.charAt(at) === '"' ? quotedAt(text, at) : bareAt(text, at, separator);
		values.push(value);
		if (values.length > COLUMNS_MAX) throw new ImportError('too-large', 'too many columns');
		const next = text.charAt(end);
		if (next === '' || next === '\n') return { values, end: end + 1 };
		if (next !== separator) throw new ImportError('format', 'text after a quoted value');
		at = end + 1;
	}
}

function quotedAt(text: string, open: number) {
	const parts: string[] = [];
	for (let from = open + 1; ;) {
		const quote = text.indexOf('"', from);
		if (quote === -1) throw new ImportError('format', 'a quoted value does not end');
		parts.push(text.slice(from, quote));
		if (text.charAt(quote + 1) !== '"') return { value: parts.join('"'), end: quote + 1 };
		from = quote + 2;
	}
}

function bareAt(text: string, start: number, separator: string) {
	let end = start;
	while (end < text.length && text.charAt(end) !== separator && text.charAt(end) !== '\n') end++;
	return { value: text.slice(start, end), end };
}
