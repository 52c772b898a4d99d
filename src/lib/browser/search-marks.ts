/** What of a shown text was searched for, so that it can be marked, and why a key was found. */
import { looseSpans, type Span } from '#lib/browser/search-loose.ts';
import { fold, partsOf, wordsOf, type Part, type PartKind } from '#lib/browser/search-parts.ts';
import type { Overview } from '#lib/items/key.ts';

const NONE: ReadonlySet<string> = new Set();
/** What a row of the list shows, so that a mark there says enough. */
const IN_ROW: ReadonlySet<PartKind> = new Set(['name', 'project', 'environment', 'hint']);
/** Of a long note only this much is shown around what was found. */
const AROUND = 24;
/** Of what was searched for in vain only this much is said. */
const SHOWN = 60;

/**
 * Where the words of `query` stand in `shown`: ascending, not overlapping.
 *
 * @param loose those that were found loosely only
 */
export function marksOf(
	shown: string,
	query: string,
	loose: ReadonlySet<string> = NONE
): readonly Span[] {
	const text = shown.toLowerCase();
	// Folding that changes the length (İ) would mark the wrong letters.
	if (text.length !== shown.length) return [];
	const found = wordsOf(query).flatMap((word) => spansOf(word, text, loose.has(word)));
	const merged: [number, number][] = [];
	for (const [from, to] of found.sort((a, b) => a[0] - b[0])) {
		const last = merged.at(-1);
		if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
		else merged.push([from, to]);
	}
	return merged;
}

/** A part of the key that a row does not show and that a word of the query was found in. */
export function reasonOf(
	overview: Overview,
	query: string,
	loose: ReadonlySet<string> = NONE
): string | undefined {
	const parts = partsOf(overview);
	const seen = parts.filter(({ kind }) => IN_ROW.has(kind));
	const unseen = parts.filter(({ kind }) => !IN_ROW.has(kind));
	for (const word of wordsOf(query)) {
		const finds = (part: Part) => spansOf(word, part.text, loose.has(word)).length > 0;
		if (seen.some(finds)) continue;
		const part = unseen.find(finds);
		if (part !== undefined) return excerpt(part.shown, word);
	}
	return undefined;
}

/** A query as a sentence names it: its beginning, where a whole text was pasted. */
export function shortQuery(query: string): string {
	const signs = Array.from(query.trim().slice(0, 2 * SHOWN + 2));
	return signs.length <= SHOWN ? signs.join('') : `${signs.slice(0, SHOWN).join('')}…`;
}

function spansOf(word: string, text: string, loose: boolean): readonly Span[] {
	const found: Span[] = [];
	for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
		found.push([at, at + word.length]);
	}
	if (found.length > 0 || !loose) return found;
	return looseSpans(word, text) ?? [];
}

function excerpt(shown: string, word: string): string {
	const at = fold(shown).indexOf(word);
	return at > AROUND ? `…${shown.slice(at - AROUND)}` : shown;
}
