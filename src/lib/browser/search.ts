/**
 * Search and order of the list: every word of the query must stand somewhere in what a key says of
 * itself. Values are not searched: they are not here.
 */
import { byName } from '#lib/browser/name-order.ts';
import { dayOf, expiryOn, isDue, type Expiry } from '#lib/items/expiry.ts';
import type { Overview } from '#lib/items/key.ts';
import { hostOf } from '#lib/items/link.ts';
import { providerById } from '#lib/items/providers.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';

/** A key as the list shows it, with what was worked out once for all of its searches. */
export interface ListedKey {
	/** Id of the item: no two keys of an account share it. */
	readonly id: string;
	readonly row: KeyRow;
	readonly expiry: Expiry;
	readonly due: boolean;
	/** All that is searched, folded. */
	readonly text: string;
}

/** The rows in the order of the list: due ones first, by their day; then by name. */
export function listKeys(rows: readonly KeyRow[], now: number): readonly ListedKey[] {
	const today = dayOf(now);
	const keys = [...rows].sort(byName).map((row) => new Listed(row, today));
	return [...keys.filter(({ due }) => due).sort(byDay), ...keys.filter(({ due }) => !due)];
}

/** By id: what is selected is looked up at every change. */
export function byId(keys: readonly ListedKey[]): ReadonlyMap<string, ListedKey> {
	return new Map(keys.map((key) => [key.id, key]));
}

/** Those that hold every word of `query`, in the same order. */
export function search(keys: readonly ListedKey[], query: string): readonly ListedKey[] {
	const words = wordsOf(query);
	if (words.length === 0) return keys;
	return keys.filter(({ text }) => words.every((word) => text.includes(word)));
}

/** Where the words of `query` stand in `shown`, for marking: ascending, not overlapping. */
export function marksOf(shown: string, query: string): readonly (readonly [number, number])[] {
	const text = shown.toLowerCase();
	// Folding that changes the length (İ) would mark the wrong letters.
	if (text.length !== shown.length) return [];
	const found: [number, number][] = [];
	for (const word of wordsOf(query)) {
		for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
			found.push([at, at + word.length]);
		}
	}
	const merged: [number, number][] = [];
	for (const [from, to] of found.sort((a, b) => a[0] - b[0])) {
		const last = merged.at(-1);
		if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
		else merged.push([from, to]);
	}
	return merged;
}

function wordsOf(query: string): readonly string[] {
	return fold(query)
		.split(/\s+/)
		.filter((word) => word !== '');
}

function fold(text: string): string {
	const small = text.toLowerCase();
	// ASCII, which nearly all of it is, is composed already.
	return /[\u0080-\uffff]/.test(small) ? small.normalize('NFC') : small;
}

class Listed implements ListedKey {
	readonly id: string;
	readonly expiry: Expiry;
	readonly due: boolean;
	#text: string | undefined;

	constructor(
		readonly row: KeyRow,
		today: string
	) {
		this.id = row.item;
		this.expiry = expiryOn(today, row.overview);
		this.due = isDue(this.expiry);
	}

	/** Made at the first search: most lists are only looked at. */
	get text(): string {
		return (this.#text ??= textOf(this.row.overview));
	}
}

function textOf(overview: Overview): string {
	const { provider = '', project = '', environment = '', note = '', url = '' } = overview;
	const host = url === '' ? '' : hostOf(url);
	const parts = [
		overview.name,
		providerById(provider)?.name ?? provider,
		...overview.envVars,
		...overview.tags,
		project,
		environment,
		note,
		host
	];
	// A line break keeps a word from matching across two parts.
	return fold(parts.join('\n'));
}

/** Sorting keeps the order by name of those that are due on one day. */
function byDay(a: ListedKey, b: ListedKey): number {
	return daysOf(a) - daysOf(b);
}

function daysOf({ expiry }: ListedKey): number {
	return expiry.kind === 'none' ? Infinity : expiry.days;
}
