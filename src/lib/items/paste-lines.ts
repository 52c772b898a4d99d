/** `NAME=value`, line by line: `.env`, shell, PowerShell, and sections as in `~/.aws/credentials`. */

import { looksRandom } from '#lib/items/random-text.ts';

export interface Assignment {
	readonly variable: string;
	readonly value: string;
	/** The `[name]` above it. */
	readonly section?: string;
}

export interface Lines {
	readonly assignments: readonly Assignment[];
	/** Lines among them that say something else: which, counted from 1. */
	readonly skipped: readonly number[];
	/** Lines behind the last assignment that was taken: they were not read. */
	readonly left: number;
}

/** Whether there is room for one more: nothing is read behind the first that is refused. */
export type Takes = (assignment: Assignment) => boolean;

const ASSIGNMENT = /^(?:export\s+|set\s+|\$env:)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$/s;
const SECTION = /^\[([^\]]{1,200})\]$/;
const DOUBLE_QUOTED = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/s;
const SINGLE_QUOTED = /^'([^']*)'\s*(?:#.*)?$/s;
/** Names of variables in words: no base64 is in one case and has `_` in it. */
const WORDS = /^(?:[A-Z0-9]+(?:[_.-][A-Z0-9]+)+|[a-z0-9]+(?:[_.-][a-z0-9]+)+)$/;
/** A quote that is still open after so many lines was none. */
const LINES_IN_QUOTES = 200;

/**
 * The assignments in `text`, or undefined if it is something else: a few of them among other lines
 * do not make a file of assignments.
 */
export function readLines(text: string, takes: Takes): Lines | undefined {
	const lines = text.replaceAll('\r\n', '\n').split('\n');
	const assignments: Assignment[] = [];
	const skipped: number[] = [];
	let left = 0;
	let section: string | undefined;
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at]?.trim() ?? '';
		if (isBlank(line)) continue;
		const head = SECTION.exec(line)?.[1];
		if (head !== undefined) {
			section = head.trim();
			continue;
		}
		const [, variable, begun] = ASSIGNMENT.exec(line) ?? [];
		const isValue =
			isPadding(begun ?? '') && !WORDS.test(variable ?? '') && looksRandom(variable ?? '');
		if (variable === undefined || begun === undefined || isValue) {
			skipped.push(at + 1);
			continue;
		}
		const { value, last } = quotedOn(lines, at, begun);
		const where = section === undefined ? {} : { section };
		const assignment = { variable, value: unquote(value.trim(), true), ...where };
		if (!takes(assignment)) {
			left = lines.slice(at).filter((each) => !isBlank(each.trim())).length;
			break;
		}
		at = last;
		assignments.push(assignment);
	}
	return isFile(assignments, skipped.length) ? { assignments, skipped, left } : undefined;
}

function isBlank(line: string): boolean {
	return line === '' || line.startsWith('#') || line.startsWith(';');
}

export function unquote(text: string, commented = false): string {
	const double = DOUBLE_QUOTED.exec(text)?.[1];
	if (double !== undefined) {
		return double.replace(/\\(.)/gs, (_, escaped: string) =>
			escaped === 'n' ? '\n' : escaped === 'r' ? '\r' : escaped === 't' ? '\t' : escaped
		);
	}
	const single = SINGLE_QUOTED.exec(text)?.[1];
	return single ?? (commented ? text.replace(/(?<!\s)\s+#.*$/, '') : text);
}

/** The signs that fill up base64 look like an assignment of nothing, or of `=`. */
function isPadding(value: string): boolean {
	return /^=?$/.test(value);
}

function isFile(assignments: readonly Assignment[], skipped: number): boolean {
	if (assignments.length === 0) return false;
	if (assignments.length === 1 && isPadding(assignments[0]?.value ?? '')) return false;
	return skipped === 0 || (assignments.length > 1 && skipped <= assignments.length);
}

/** A value whose quote is closed on a later line only: a private key in a `.env` is written so. */
function quotedOn(
	lines: readonly string[],
	at: number,
	begun: string
): { readonly value: string; readonly last: number } {
	const quote = begun.charAt(0);
	if ((quote !== '"' && quote !== "'") || isClosed(begun)) return { value: begun, last: at };
	let value = begun;
	for (let next = at + 1; next < lines.length && next <= at + LINES_IN_QUOTES; next++) {
		const line = lines[next] ?? '';
		value += `\n${line}`;
		if (line.includes(quote) && isClosed(value)) return { value, last: next };
	}
	return { value: begun, last: at };
}

function isClosed(text: string): boolean {
	return DOUBLE_QUOTED.test(text) || SINGLE_QUOTED.test(text);
}
