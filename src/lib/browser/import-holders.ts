/** Which keys that are here hold a value, or held it before, by keyed hashes: none is opened for it. */
import type { DraftField, Overview } from '#lib/items/key.ts';
import type { KeyRow, VaultView } from '#lib/keyholder/views.ts';

export type Print = (vault: string, value: string) => Promise<string>;

/** Keys that are at hand: what lies in the trash meets nothing. */
export function atHand({ keys }: VaultView): KeyRow[] {
	return keys.filter(({ overview, unreadable }) => !unreadable && overview.trashedAt === undefined);
}

export function inTrash({ keys }: VaultView): KeyRow[] {
	return keys.filter(({ overview, unreadable }) => !unreadable && overview.trashedAt !== undefined);
}

type Prints = ReadonlyMap<string, readonly KeyRow[]>;

function printsIn(rows: readonly KeyRow[], of: (overview: Overview) => readonly string[]): Prints {
	const prints = new Map<string, KeyRow[]>();
	for (const row of rows) {
		for (const print of of(row.overview)) {
			if (print === '') continue;
			const having = prints.get(print);
			if (having === undefined) prints.set(print, [row]);
			else having.push(row);
		}
	}
	return prints;
}

interface VaultPrints {
	readonly id: string;
	readonly now: Prints;
	/** Of values that were replaced, too. */
	readonly ever: Prints;
}

export interface Held {
	readonly row: KeyRow;
	/** Whether it has the value now, and not only before. */
	readonly still: boolean;
}

export function holdersIn(vaults: readonly VaultView[], among = atHand): VaultPrints[] {
	return vaults.map((vault) => {
		const rows = among(vault);
		return {
			id: vault.id,
			now: printsIn(rows, ({ fields }) => fields.map(({ fingerprint = '' }) => fingerprint)),
			ever: printsIn(rows, ({ fields, previousFingerprints = [] }) => [
				...fields.map(({ fingerprint = '' }) => fingerprint),
				...previousFingerprints
			])
		};
	});
}

/** What makes a key the same as another: its hidden values, or all of them where none is hidden. */
export function tellingValues(fields: readonly DraftField[]): readonly string[] {
	const filled = fields.filter(({ value }) => value !== '');
	const hidden = filled.filter((field) => field.hidden);
	return (hidden.length === 0 ? filled : hidden).map(({ value }) => value);
}

/** The key that holds all of `values`; else one that held them before. */
export async function holderOf(
	values: readonly string[],
	holders: readonly VaultPrints[],
	fingerprint: Print
): Promise<Held | undefined> {
	let older: Held | undefined;
	for (const { id, now, ever } of holders) {
		const marks: string[] = [];
		for (const value of ever.size === 0 ? [] : values) {
			const mark = await fingerprint(id, value);
			if (!ever.has(mark)) break;
			marks.push(mark);
		}
		if (marks.length < values.length) continue;
		const holding = having(marks, now);
		if (holding !== undefined) return { row: holding, still: true };
		const before = having(marks, ever);
		if (before !== undefined) older ??= { row: before, still: false };
	}
	return older;
}

/** The first key that has all of `marks`. */
function having([mark = '', ...others]: readonly string[], prints: Prints): KeyRow | undefined {
	const rows = prints.get(mark) ?? [];
	return rows.find((row) => others.every((other) => prints.get(other)?.includes(row)));
}
