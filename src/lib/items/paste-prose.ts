/** Keys among words, as they stand in a chat, a note or a command. */
import type { Assignment, Lines, Takes } from '#lib/items/paste-lines.ts';
import { detect } from '#lib/items/providers.ts';
import { hasCredentials } from '#lib/items/random-text.ts';

/** Longer is no message of anybody, and would keep whoever pasted it waiting. */
const LONGEST_TEXT = 200_000;
/** No provider's key is shorter, or longer. */
const SHORTEST_KEY = 16;
const LONGEST_KEY = 10_000;
/** What people put around a word. */
const BEFORE = /^[("'`<[{*_“‘«„]+/;
const BEHIND = /(?<![)"'`>\]},.;:!?*_”’»“])[)"'`>\]},.;:!?*_”’»“]+$/;
const NAMED = /^([A-Z][A-Z0-9_]*)=(.+)$/;
/** What a word is made of that is no value: letters, digits, and the signs of texts and addresses. */
const SIGNS = /^[\p{L}\p{M}\d'’./:?&#,@+–—…-]*$/u;
/** Letters and digits in one, or more digits than a year has: it may be a value. */
const MIXED = /(?=[\p{L}\d]*\d)[\p{L}\d]{5,}/u;
/** What stands before the key in a header, behind the name of that. */
const SCHEME = /^(?:bearer|basic|token)$/i;

/**
 * The keys in `text`, where each is one that is surely somebody's, and nothing else in it may be a
 * value: what is no word, or a word behind a name. Then it is undefined, and the text stays whole.
 */
export function readProse(text: string, takes: Takes): Lines | undefined {
	if (text.length > LONGEST_TEXT || !/\s/.test(text) || text.includes('-----')) return undefined;
	const assignments: Assignment[] = [];
	const skipped: number[] = [];
	for (const [at, line] of text.split('\n').entries()) {
		const words = line.split(/\s+/).filter((word) => word !== '');
		const keys = words.map(keyIn);
		if (words.some((word, i) => keys[i] === undefined && !isWord(word, words[i - 1]))) {
			return undefined;
		}
		const found = keys.filter((key) => key !== undefined);
		if (found.length === 0 && words.length > 0) skipped.push(at + 1);
		assignments.push(...found);
	}
	const isKept = assignments.length > 0 && assignments.every(takes);
	return isKept ? { assignments, skipped, left: 0 } : undefined;
}

/** The key that a word is, or holds behind the name of its variable. Without one the name is empty. */
function keyIn(word: string): Assignment | undefined {
	if (word.length < SHORTEST_KEY || word.length > LONGEST_KEY) return undefined;
	const bare = bared(word);
	const [, variable = '', named] = NAMED.exec(bare) ?? [];
	const value = named === undefined ? bare : bared(named);
	// What has a bracket may have lost the other one.
	if (/[([{<]/.test(value)) return undefined;
	return detect(value)?.sure === true ? { variable, value } : undefined;
}

function bared(word: string): string {
	return word.replace(BEFORE, '').replace(BEHIND, '');
}

function isWord(word: string, before = ''): boolean {
	const bare = bared(word);
	if (/[:=]$/.test(before) && bare !== '' && !SCHEME.test(bare)) return false;
	return SIGNS.test(bare) && !MIXED.test(bare) && !hasCredentials(bare);
}
