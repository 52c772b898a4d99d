/** Whether a text looks like a key of anybody: what can be told without knowing whose. */

/** Shorter ones may be a word of somebody's. */
const LETTERS = 20;
/** Of a word in any language fewer are different; of a random text more. */
const DIFFERENT = 10;

export function looksRandom(text: string): boolean {
	const value = text.trim();
	if (/^-----BEGIN [A-Z ]+-----/.test(value)) return true;
	if (/\s/.test(value) || value.length < LETTERS) return false;
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return false;
	const mixed = /\d/.test(value) && /[a-z]/i.test(value);
	return mixed && new Set(value.slice(0, 1_000)).size >= DIFFERENT;
}

/** Whether an address has a name or a password of whoever enters in it. */
export function hasCredentials(text: string): boolean {
	return /:\/\/[^/]*@/.test(text);
}
