/** The key that is nearest to what finds none. */
import { QUERY_LETTERS } from '#lib/browser/search-parts.ts';
import { find, type ListedKey } from '#lib/browser/search.ts';

/** Fewer letters than these, or than half of the first word, say nothing. */
const LETTERS = 2;

/**
 * The best of those that the longest beginning of `query` finds; looked for by halves, since each look
 * goes through every key.
 */
export function nearest(keys: readonly ListedKey[], query: string): ListedKey | undefined {
	const typed = Array.from(query.trim().slice(0, QUERY_LETTERS));
	let best: ListedKey | undefined;
	const space = typed.findIndex((letter) => letter.trim() === '');
	let low = Math.max(LETTERS, Math.ceil((space < 0 ? typed.length : space) / 2));
	let high = typed.length - 1;
	while (low <= high) {
		const middle = Math.ceil((low + high) / 2);
		const [found] = find(keys, typed.slice(0, middle).join('')).keys;
		if (found === undefined) high = middle - 1;
		else {
			best = found;
			low = middle + 1;
		}
	}
	return best;
}
