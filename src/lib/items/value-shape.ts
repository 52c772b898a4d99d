/** Whether a text looks like the value of a key: then it does not belong into a search. */
import { detect } from '#lib/items/providers.ts';

/** Shorter ones may be a word of somebody's. */
const LETTERS = 20;
/** Of a word in any language fewer are different; of a random text more. */
const DIFFERENT = 10;

export function looksLikeValue(text: string): boolean {
	const value = text.trim();
	if (/^-----BEGIN [A-Z ]+-----/.test(value)) return true;
	if (value === '' || /\s/.test(value)) return false;
	if (detect(value) !== undefined) return true;
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || value.length < LETTERS) return false;
	const mixed = /\d/.test(value) && /[a-z]/i.test(value);
	return mixed && new Set(value.slice(0, 1_000)).size >= DIFFERENT;
}
