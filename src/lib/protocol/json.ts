/**
 * JSON inside sealed records. `JSON.parse` does the reading; around it stand the checks that it
 * lacks: depth, a name given twice, `__proto__`, numbers that would change, lone surrogates.
 *
 * Members that a reader does not know stay in the value and are written again.
 * Norm: docs/protocol.md, 7.
 */
import { fromUtf8, isWellFormed, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { orFormat, ProtocolError } from '#lib/protocol/errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 8;

/**
 * The object that `bytes` hold.
 *
 * @throws {ProtocolError} `format`
 */
export function readJson(bytes: Bytes): JsonObject {
	return orFormat(() => parse(fromUtf8(bytes)));
}

/**
 * `value` without white space, members in their order. Any object: what JSON cannot say (undefined,
 * functions) is left out, as `JSON.stringify` does.
 *
 * @throws {ProtocolError} `format` for what {@link readJson} would refuse.
 */
export function writeJson(value: object): Bytes {
	const text = JSON.stringify(value);
	parse(text);
	return utf8(text);
}

/** Whether `value` is an object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): JsonObject {
	const names = scan(text);
	const value = parsed(text);
	if (!isObject(value)) throw refusal('not an object');
	if (members(value) !== names) throw refusal('a name given twice');
	if (text.includes('\\')) {
		checkNames(text, value);
		if (/\\u[dD][89a-fA-F]/.test(text)) checkText(value);
	}
	return value;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw refusal('not JSON');
	}
}

/**
 * Counts the names in `text` and limits its depth, in one pass that jumps over strings. Of text
 * that is not JSON it may count anything: `JSON.parse` refuses that afterwards.
 */
function scan(text: string): number {
	let depth = 0;
	let names = 0;
	for (let i = 0; i < text.length; i++) {
		switch (text.charCodeAt(i)) {
			case 0x22: // "
				i = closingQuote(text, i);
				break;
			case 0x3a: // :
				names++;
				break;
			case 0x5b: // [
			case 0x7b: // {
				if (++depth > MAX_DEPTH) throw refusal('too deep');
				break;
			case 0x5d: // ]
			case 0x7d: // }
				depth--;
		}
	}
	return names;
}

/** The end of the string that starts at `start`: the next quote behind an even number of backslashes. */
function closingQuote(text: string, start: number): number {
	for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
		let backslashes = 0;
		while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
		if (backslashes % 2 === 0) return end;
	}
	throw refusal('a string without end');
}

/**
 * Counts the members of `value` and all within. A name given twice overwrote the first, with all
 * that was in it, so the count falls short of the names that the text has.
 */
function members(value: unknown): number {
	if (typeof value === 'number') checkNumber(value);
	if (typeof value !== 'object' || value === null) return 0;
	let count = 0;
	if (Array.isArray(value)) {
		for (const element of value) count += members(element);
		return count;
	}
	for (const name in value) {
		if (name === '__proto__') throw refusal('a name that would change the object');
		count += 1 + members((value as JsonObject)[name]);
	}
	return count;
}

/**
 * V8 13.6 (Node 24) reads an escape at the beginning of a name as the lone backslash that a name in
 * the same place of an earlier text was. So where names have escapes each is decoded by itself.
 */
function checkNames(text: string, value: JsonObject): void {
	const names: string[] = [];
	let string = '';
	for (let i = 0; i < text.length; i++) {
		if (text.charCodeAt(i) === 0x22) {
			const end = closingQuote(text, i);
			string = text.slice(i, end + 1);
			i = end;
		} else if (text.charCodeAt(i) === 0x3a) {
			names.push(string);
		}
	}
	if (!names.some((name) => name.includes('\\'))) return;
	const decoded = names.map((name) => String(JSON.parse(name)));
	if (JSON.stringify(decoded.sort()) !== JSON.stringify(namesIn(value).sort())) {
		throw refusal('a name that the engine misread');
	}
}

function namesIn(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(namesIn);
	if (!isObject(value)) return [];
	return Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)]);
}

/** An integer above 2^53 - 1 was rounded already, one above the range of doubles is infinite. */
function checkNumber(value: number): void {
	if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
		throw refusal('a number that JSON does not carry exactly');
	}
}

/** Only escapes can spell a lone surrogate: the text itself came from UTF-8. */
function checkText(value: unknown): void {
	if (typeof value === 'string' && !isWellFormed(value)) throw refusal('a lone surrogate');
	if (typeof value !== 'object' || value === null) return;
	for (const [name, member] of Object.entries(value)) {
		if (!isWellFormed(name)) throw refusal('a lone surrogate');
		checkText(member);
	}
}

function refusal(message: string): ProtocolError {
	return new ProtocolError('format', message);
}
