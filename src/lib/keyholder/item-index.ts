/**
 * Every item of a vault by its id. A commit changes few of thousands, and the state before it stays
 * as it is: so the index after it shares the map of the one before, and carries what differs.
 */
import type { Id } from '#lib/api/wire.ts';
import type { OpenEntry } from '#lib/keyholder/vault-state.ts';

/** With more differences than this they are written into a map of its own. */
const MOST_CHANGES = 256;

type Change = OpenEntry | 'dropped';

export class ItemIndex {
	readonly #items: ReadonlyMap<Id, OpenEntry>;
	readonly #changes: ReadonlyMap<Id, Change>;
	readonly size: number;

	constructor(
		items: ReadonlyMap<Id, OpenEntry>,
		changes: ReadonlyMap<Id, Change> = new Map(),
		size = items.size
	) {
		this.#items = items;
		this.#changes = changes;
		this.size = size;
	}

	get(id: Id): OpenEntry | undefined {
		const change = this.#changes.get(id);
		if (change === undefined) return this.#items.get(id);
		return change === 'dropped' ? undefined : change;
	}

	has(id: Id): boolean {
		return this.get(id) !== undefined;
	}

	/** In the order in which they came. */
	*values(): Generator<OpenEntry, void> {
		for (const [id, open] of this.#items) {
			const change = this.#changes.get(id) ?? open;
			if (change !== 'dropped') yield change;
		}
		for (const [id, change] of this.#changes) {
			if (change !== 'dropped' && !this.#items.has(id)) yield change;
		}
	}

	/** The index once `written` stand in the vault, and `drops` do not. */
	after(written: readonly OpenEntry[], drops: readonly Id[]): ItemIndex {
		const changes = new Map(this.#changes);
		let { size } = this;
		for (const open of written) {
			if (!this.has(open.entry.id)) size++;
			changes.set(open.entry.id, open);
		}
		for (const id of drops) {
			if (this.has(id)) size--;
			changes.set(id, 'dropped');
		}
		const after = new ItemIndex(this.#items, changes, size);
		return changes.size > MOST_CHANGES ? after.#flat() : after;
	}

	#flat(): ItemIndex {
		return new ItemIndex(new Map([...this.values()].map((open) => [open.entry.id, open])));
	}
}
