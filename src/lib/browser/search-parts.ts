/**
 * What of a key is searched, part by part: everything that its overview says, and never a value that is hidden.
 */
import type { Overview } from '#lib/items/key.ts';
import { hostOf } from '#lib/items/link.ts';
import { tileById } from '#lib/items/provider-tiles.ts';

export type PartKind =
	| 'name'
	| 'provider'
	| 'variable'
	| 'tag'
	| 'project'
	| 'environment'
	| 'host'
	| 'field'
	| 'hint'
	| 'note';

export interface Part {
	readonly kind: PartKind;
	readonly shown: string;
	/** {@link shown}, folded. */
	readonly text: string;
	/** Which letters are in it: most parts are told apart by this alone. */
	readonly letters: number;
}

/** A pasted page is a query too: nobody is answered sooner or better by more of it than this. */
export const QUERY_LETTERS = 400;
export const QUERY_WORDS = 16;

/** Marks of direction, joiners and spaces without width: they are in a name, not in what is typed. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** The parts of a key that are not empty, the most telling first. */
export function partsOf(overview: Overview): readonly Part[] {
	const { provider = '', project = '', environment = '', note = '', url = '' } = overview;
	const parts: Part[] = [];
	const add = (kind: PartKind, shown: string) => {
		const text = fold(shown);
		if (text !== '') parts.push({ kind, shown, text, letters: lettersOf(text) });
	};
	add('name', overview.name);
	add('provider', tileById(provider)?.name ?? provider);
	for (const variable of overview.envVars) add('variable', variable);
	for (const tag of overview.tags) add('tag', tag);
	add('project', project);
	add('environment', environment);
	add('host', url === '' ? '' : hostOf(url));
	const several = overview.fields.length > 1;
	for (const { name, hint } of overview.fields) {
		// What an only value is called is shown nowhere, and is "key" nearly everywhere.
		if (several) add('field', name);
		add('hint', hint?.prefix ?? '');
		add('hint', hint?.last ?? '');
	}
	add('note', note);
	add('note', overview.revoked?.reason ?? '');
	return parts;
}

/** The words of a query, folded, each once: the first {@link QUERY_WORDS}. */
export function wordsOf(query: string): readonly string[] {
	const words = fold(query.trimStart().slice(0, QUERY_LETTERS))
		.split(/\s+/)
		.filter((word) => word !== '');
	return [...new Set(words)].slice(0, QUERY_WORDS);
}

/** Small letters, composed, without what is not seen. */
export function fold(text: string): string {
	const small = text.toLowerCase();
	// ASCII, which nearly all of it is, is composed already.
	return /[\u0080-\uffff]/.test(small) ? small.normalize('NFC').replace(UNSEEN, '') : small;
}

/** A bit for each letter; digits and all others share the six that are left. */
export function lettersOf(text: string): number {
	let letters = 0;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		const letter = code >= 97 && code <= 122;
		letters |= 1 << (letter ? code - 97 : 26 + (code % 6));
	}
	return letters;
}
