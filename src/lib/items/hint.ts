/**
 * What a masked value shows. It is kept in the sealed overview, so that a list can show it without
 * opening a single secret.
 */
import type { Hint } from '#lib/items/key.ts';
import { detect } from '#lib/items/providers.ts';

const LAST = 4;
/** Longer ones are no user name and no region: they are shown like hidden ones. */
const WHOLE = 100;
/** Characters that must stay unseen; with fewer, four shown ones are too much of the value. */
const UNSEEN = 12;

/**
 * The public prefix and the last four characters of `value`; undefined where that would show too
 * much (short values) or nothing that tells keys apart (values of several lines).
 */
export function hintOf(value: string): Hint | undefined {
	if (/[\r\n]/.test(value)) return undefined;
	const prefix = detect(value)?.prefix ?? '';
	const characters = Array.from(value.slice(prefix.length));
	if (characters.length < UNSEEN + LAST) return undefined;
	return { prefix, last: characters.slice(-LAST).join('') };
}

/** The whole of a value that need not be masked: a prefix that nothing follows. */
export function wholeOf(value: string): Hint | undefined {
	const tells = value.length <= WHOLE && !/[\r\n]/.test(value);
	return tells ? { prefix: value, last: '' } : hintOf(value);
}
