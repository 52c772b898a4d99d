/**
 * Finding a word that is nowhere as it was typed: with letters left out (`strpe`, `oaim` for
 * "OpenAI main"), or with one letter wrong, too many or exchanged with its neighbour (`stirpe`).
 *
 * Only from the start of a word, and only close together: loose matches that run through a whole
 * text would find everything.
 */

/** With fewer letters everything would match. */
export const LOOSE_LETTERS = 3;
/** One wrong letter among three is too many. */
const TYPO_LETTERS = 4;

export type Span = readonly [from: number, to: number];

/** Where the letters of `word` stand in `text`: ascending spans; undefined if they do not. */
export function looseSpans(word: string, text: string): readonly Span[] | undefined {
	if (word.length < LOOSE_LETTERS) return undefined;
	let best: readonly number[] | undefined;
	const first = word.charAt(0);
	for (let start = text.indexOf(first); start >= 0; start = text.indexOf(first, start + 1)) {
		if (!isWordStart(text, start)) continue;
		const end = typoEnd(word, text, start);
		if (end !== undefined) return [[start, end]];
		const letters = lettersFrom(word, text, start);
		if (letters !== undefined && (best === undefined || width(letters) < width(best))) {
			best = letters;
		}
	}
	return best?.map((at) => [at, at + 1]);
}

/** Whether `word` may match something made of `letters`: all but one of its own are among them. */
export function mayBeLoose(wordLetters: number, letters: number): boolean {
	const missing = wordLetters & ~letters;
	return (missing & (missing - 1)) === 0;
}

/** Whether a word of `text` starts at `at`. */
export function isWordStart(text: string, at: number): boolean {
	return isLetter(text.charCodeAt(at)) && (at === 0 || !isLetter(text.charCodeAt(at - 1)));
}

/** Letters and digits; beyond ASCII everything. */
function isLetter(code: number): boolean {
	return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127;
}

/** Where the word that starts at `start` ends, if it differs from `word` by one slip. */
function typoEnd(word: string, text: string, start: number): number | undefined {
	if (word.length < TYPO_LETTERS) return undefined;
	let same = 1;
	while (same < word.length && word[same] === text[start + same]) same++;
	const at = start + same;
	const rest = (from: number) => word.slice(same + from);
	if (text.startsWith(rest(1), at + 1) && isLetter(text.charCodeAt(at))) {
		return start + word.length;
	}
	if (text.startsWith(rest(1), at)) return start + word.length - 1;
	const exchanged = word[same] === text[at + 1] && word[same + 1] === text[at];
	return exchanged && text.startsWith(rest(2), at + 2) ? start + word.length : undefined;
}

/** The places of the letters of `word`, each as early as it may be, if they stand close enough. */
function lettersFrom(word: string, text: string, start: number): readonly number[] | undefined {
	const last = start + 2 * word.length + 2;
	const places = [start];
	let at = start;
	for (let letter = 1; letter < word.length; letter++) {
		at = text.indexOf(word.charAt(letter), at + 1);
		if (at < 0 || at >= last) return undefined;
		places.push(at);
	}
	return places;
}

function width(places: readonly number[]): number {
	return (places.at(-1) ?? 0) - (places[0] ?? 0);
}
