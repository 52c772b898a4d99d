/** Whether a text looks like the value of a key: then it does not belong into a search. */
import { detect } from '#lib/items/providers.ts';
import { looksRandom } from '#lib/items/random-text.ts';

export function looksLikeValue(text: string): boolean {
	const value = text.trim();
	if (looksRandom(value)) return true;
	return value !== '' && !/\s/.test(value) && detect(value) !== undefined;
}
