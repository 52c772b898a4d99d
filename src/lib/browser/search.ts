/**
 * Search and order of the list: every word of the query must stand somewhere in what a key says of
 * itself. Values are not searched: they are not here.
 *
 * A word that no key holds as it was typed is looked for loosely (`search-loose.ts`); one that some
 * key holds is not, so that a slip is forgiven and a good word finds nothing but itself.
 */
import { byName } from '#lib/browser/name-order.ts';
import { isWordStart, looseSpans, LOOSE_LETTERS, mayBeLoose } from '#lib/browser/search-loose.ts';
import { lettersOf, partsOf, wordsOf, type Part } from '#lib/browser/search-parts.ts';
import { dayOf, expiryOn, isDue, type Expiry } from '#lib/items/expiry.ts';
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
	/** The same in its parts. */
	readonly parts: readonly Part[];
	/** Works out both now, if nobody has asked for them yet. */
	makeReady(): void;
}

export interface Found {
	/** The best first; equally good ones in the order that they were given in. */
	readonly keys: readonly ListedKey[];
	/** Words that were found loosely only. */
	readonly loose: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();
/** A place in a part costs 0 to 2, a part three times its weight; what is loose costs more. */
const LOOSE = 9;

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

/** Those that hold every word of `query`, and how they were found. */
export function find(keys: readonly ListedKey[], query: string): Found {
	const words = wordsOf(query);
	if (words.length === 0) return { keys, loose: NONE };
	let found: readonly Costed[] = keys.map((key) => ({ key, cost: 0 }));
	const loose = new Set<string>();
	for (const word of words) {
		if (found.length === 0) break;
		const exact = keep(found, (key) => exactCost(key, word));
		if (exact.length > 0 || keys.some(({ text }) => text.includes(word))) {
			found = exact;
			continue;
		}
		loose.add(word);
		const letters = lettersOf(word);
		found = word.length < LOOSE_LETTERS ? [] : keep(found, (key) => looseCost(key, word, letters));
	}
	return { keys: ordered(found), loose };
}

interface Costed {
	readonly key: ListedKey;
	readonly cost: number;
}

function keep(
	found: readonly Costed[],
	costOf: (key: ListedKey) => number | undefined
): readonly Costed[] {
	const kept: Costed[] = [];
	for (const { key, cost } of found) {
		const more = costOf(key);
		if (more !== undefined) kept.push({ key, cost: cost + more });
	}
	return kept;
}

/** By cost, in one pass: it is a small number, and there may be ten thousand keys. */
function ordered(found: readonly Costed[]): readonly ListedKey[] {
	const shelves: ListedKey[][] = [];
	for (const { key, cost } of found) (shelves[cost] ??= []).push(key);
	return shelves.flat();
}

function exactCost(key: ListedKey, word: string): number | undefined {
	if (!key.text.includes(word)) return undefined;
	let best: number | undefined;
	for (const { kind, text } of key.parts) {
		const at = text.indexOf(word);
		if (at < 0) continue;
		const place = at === 0 ? 0 : isWordStart(text, at) ? 1 : 2;
		const cost = 3 * weightOf(kind) + place;
		if (best === undefined || cost < best) best = cost;
		if (best === 0) break;
	}
	return best;
}

/** Notes and hints are left out: a long text and random letters hold nearly everything. */
function looseCost(key: ListedKey, word: string, letters: number): number | undefined {
	let best: number | undefined;
	for (const part of key.parts) {
		if (part.kind === 'note' || part.kind === 'hint') continue;
		if (!mayBeLoose(letters, part.letters)) continue;
		const cost = LOOSE + weightOf(part.kind);
		if (best !== undefined && best <= cost) continue;
		if (looseSpans(word, part.text) !== undefined) best = cost;
	}
	return best;
}

function weightOf(kind: Part['kind']): 0 | 1 | 2 {
	if (kind === 'name') return 0;
	return kind === 'note' ? 2 : 1;
}

class Listed implements ListedKey {
	readonly id: string;
	readonly expiry: Expiry;
	readonly due: boolean;
	#parts: readonly Part[] | undefined;
	#text: string | undefined;

	constructor(
		readonly row: KeyRow,
		today: string
	) {
		this.id = row.item;
		this.expiry = expiryOn(today, row.overview);
		this.due = isDue(this.expiry);
	}

	/** Made once, at the first search: most lists are only looked at. */
	get parts(): readonly Part[] {
		return (this.#parts ??= partsOf(this.row.overview));
	}

	makeReady(): void {
		this.#text ??= this.text;
	}

	/** A line break keeps a word from matching across two parts. */
	get text(): string {
		return (this.#text ??= this.parts.map(({ text }) => text).join('\n'));
	}
}

/** Sorting keeps the order by name of those that are due on one day. */
function byDay(a: ListedKey, b: ListedKey): number {
	return daysOf(a) - daysOf(b);
}

function daysOf({ expiry }: ListedKey): number {
	return expiry.kind === 'none' ? Infinity : expiry.days;
}
