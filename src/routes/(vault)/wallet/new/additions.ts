/** What is written of several keys that were pasted at once, and what cannot be. */
import type { PastedRow } from '#lib/browser/duplicates.ts';
import { faultOf, type Fault } from '#lib/browser/fault.ts';
import type { Addition } from '#lib/browser/restore-parts.ts';
import { newKey } from '#lib/items/draft.ts';

export interface Additions {
	readonly edits: readonly Addition[];
	/** Why a row cannot be kept as it is, by its place. */
	readonly faults: ReadonlyMap<number, Fault>;
}

/** The additions that the ticked rows are. */
export function additionsOf(rows: readonly PastedRow[], vault: string, now: number): Additions {
	const edits: Addition[] = [];
	const faults = new Map<number, Fault>();
	for (const [index, { draft, taken }] of rows.entries()) {
		if (!taken) continue;
		try {
			edits.push({ kind: 'add', vault, ...newKey(draft, now) });
		} catch (error) {
			faults.set(index, faultOf(error));
		}
	}
	return { edits, faults };
}
