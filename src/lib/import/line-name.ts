/**
 * What a line that is not taken is called. A line may be the middle of a key, so it has a name only
 * where a name stands before a value; else its place in the file has to do.
 */
import { detect } from '#lib/items/providers.ts';

const NAME_LENGTH = 64;
const NAMED = /^\s*(?:export[ \t]+)?([\w.-]{1,64})[ \t]*(?:=|:(?=[ \t]))[ \t]*(?=[^\s=])/;
const NAME = /^[\w.\-[\]]+$/;
/** Names of variables are words; these are random. */
const HEXADECIMAL = /^[\da-f]{20,}$/i;
const RANDOM = [/^[A-Za-z\d]{16,}$/, /[a-z]/, /[A-Z]/, /\d/] as const;
/** The last line of a key in base64, of which `=` is a part and no sign of a name. */
const BASE64 = [/^[A-Za-z\d]+$/, /[a-z]/, /[A-Z]/] as const;

/** The name before the value in `line`; `''` where there is none. */
export function nameOnLine(line: string): string {
	return shownName(NAMED.exec(line.slice(0, 2 * NAME_LENGTH))?.[1] ?? '');
}

/** `name` if it may be one; `''` where it looks like a key itself. */
export function shownName(name: string): string {
	return name.length <= NAME_LENGTH && NAME.test(name) && !isKey(name) ? name : '';
}

/** The name of a column; `''` where it looks like a key: a table may have no names in its first row. */
export function shownHead(head: string): string {
	return isKey(head) ? '' : head;
}

/** Whether `name=value` is the end of a key in base64, which a line break has parted from the rest. */
export function endsBase64(name: string, value: string): boolean {
	if (value !== '' && value !== '=') return false;
	const length = name.length + 1 + value.length;
	return isKey(name) || (length % 4 === 0 && BASE64.every((part) => part.test(name)));
}

function isKey(name: string): boolean {
	const isRandom = HEXADECIMAL.test(name) || RANDOM.every((part) => part.test(name));
	return isRandom || detect(name) !== undefined;
}
