/** Keys among words, as they stand in a chat, a note, a command or a file of settings. */
import type { Assignment, Lines, Takes } from '#lib/items/paste-lines.ts';
import { detect } from '#lib/items/providers.ts';
import { looksRandom } from '#lib/items/random-text.ts';

/** Longer is no message of anybody, and would keep whoever pasted it waiting. */
const LONGEST_TEXT = 200_000;
const LONGEST_KEY = 10_000;
/** No provider's key is shorter. */
const SHORTEST_KEY = 16;
/** What people and programs put around a key. */
const BEFORE = /^[("'`<[{*“‘«„]+/;
const BEHIND = /(?<![)"'`>\]},.;:!?*”’»“])[)"'`>\]},.;:!?*”’»“]+$/;
const NAMED = /^([A-Za-z_][A-Za-z0-9_.-]*)["']?[=:](?!\/\/)["'`]?([^=].*)$/;
const EMAIL = /^[^@:/]+@[^@:/]+$/;
/** An address with a password in it. */
const ENTERS = /^[a-z][a-z0-9+.-]*:\/\/[^/@:]*:[^/@]+@/i;

/**
 * The keys in `text`, or undefined where no word of it says whose it is. Beside one that does, all are
 * taken that look like a key of anybody: none is lost among the words.
 */
export function readProse(text: string, takes: Takes): Lines | undefined {
	if (text.length > LONGEST_TEXT || !/\s/.test(text)) return undefined;
	if (text.includes('-----BEGIN ')) return undefined;
	const lines = text.split('\n').map((line) => ({
		isBlank: line.trim() === '',
		keys: line.split(/\s+/).flatMap(keyIn)
	}));
	if (!lines.some(({ keys }) => keys.some(({ value }) => saysWhose(value)))) return undefined;
	const assignments: Assignment[] = [];
	const skipped: number[] = [];
	for (const [at, { isBlank, keys }] of lines.entries()) {
		if (keys.length === 0 && !isBlank) skipped.push(at + 1);
		for (const key of keys) {
			if (!takes(key)) return { assignments, skipped, left: lines.length - at };
			assignments.push(key);
		}
	}
	return { assignments, skipped, left: 0 };
}

/** The key that a word is, or holds behind its name. One without a name has an empty one. */
function keyIn(word: string): Assignment[] {
	if (word.length > LONGEST_KEY) return [];
	const bare = bared(word);
	const [, variable = '', named = ''] = saysWhose(bare) ? [] : (NAMED.exec(bare) ?? []);
	const hasName = variable !== '' && !looksRandom(variable);
	const value = hasName ? bared(named) : bare;
	return isKey(value) ? [{ variable: hasName ? variable : '', value }] : [];
}

function bared(word: string): string {
	return word.replace(BEFORE, '').replace(BEHIND, '');
}

function isKey(word: string): boolean {
	if (word.length < SHORTEST_KEY || EMAIL.test(word)) return false;
	return saysWhose(word) || ENTERS.test(word) || looksRandom(word);
}

function saysWhose(word: string): boolean {
	const found = word.length < SHORTEST_KEY ? undefined : detect(word);
	return found !== undefined && (found.sure || found.prefix !== '');
}
