/**
 * Which sheet an item goes to. Sheets are never split, so the rule decides how much of a vault one
 * edit writes again. Norm: docs/protocol.md, 7.
 */
import type { Id } from '#lib/api/wire.ts';
import { ITEMS_PER_SHEET, type SheetEntry } from '#lib/protocol/sheets.ts';

/** A sheet as it stands. */
export interface Placed {
	readonly revision: number;
	readonly entries: readonly { readonly entry: SheetEntry }[];
}

/** The sheets of a vault, and which items stand in them. */
interface Standing {
	readonly sheets: ReadonlyMap<Id, Placed>;
	readonly items: { has(id: Id): boolean };
}

export interface Placement {
	/** Sheets to seal anew, with all their entries. */
	readonly written: ReadonlyMap<Id, readonly SheetEntry[]>;
	/** Sheets that emptied. */
	readonly dropped: readonly Id[];
}

/**
 * Puts entries where their item stands, or else into the sheet of highest revision that has room,
 * or else into a new sheet. Sheets that are written anyway are the highest.
 *
 * @param drops items that go.
 */
export function place(
	{ sheets, items }: Standing,
	puts: readonly SheetEntry[],
	drops: readonly Id[],
	newId: () => Id
): Placement {
	const written = new Map<Id, SheetEntry[]>();
	const arriving = new Map(puts.map((entry) => [entry.id, entry]));
	const going = new Set(drops);
	// An item that is new stands nowhere: thousands need not be looked at for it.
	const moving = new Set([...arriving.keys(), ...going].filter((id) => items.has(id)));
	for (const [id, { entries }] of sheets) {
		if (moving.size === 0) break;
		if (!entries.some(({ entry }) => moving.has(entry.id))) continue;
		for (const { entry } of entries) moving.delete(entry.id);
		const kept = entriesOf(entries).filter((entry) => !going.has(entry.id));
		written.set(
			id,
			kept.map((entry) => arriving.get(entry.id) ?? entry)
		);
		for (const entry of kept) arriving.delete(entry.id);
	}
	const candidates = byRevision(sheets);
	let rest = [...arriving.values()];
	for (const id of [...written.keys(), ...candidates]) {
		if (rest.length === 0) break;
		const entries = written.get(id) ?? entriesOf(sheets.get(id)?.entries ?? []);
		const room = ITEMS_PER_SHEET - entries.length;
		if (room === 0) continue;
		written.set(id, [...entries, ...rest.slice(0, room)]);
		rest = rest.slice(room);
	}
	for (; rest.length > 0; rest = rest.slice(ITEMS_PER_SHEET)) {
		written.set(newId(), rest.slice(0, ITEMS_PER_SHEET));
	}
	const dropped = [...written].flatMap(([id, entries]) => (entries.length === 0 ? [id] : []));
	for (const id of dropped) written.delete(id);
	return { written, dropped };
}

function entriesOf(entries: Placed['entries']): SheetEntry[] {
	return entries.map(({ entry }) => entry);
}

function byRevision(sheets: ReadonlyMap<Id, Placed>): Id[] {
	return [...sheets].sort(([, a], [, b]) => b.revision - a.revision).map(([id]) => id);
}
