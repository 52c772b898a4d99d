/** The keys of an unlocked account in lists: searched, ordered, grouped, counted, one selected. */
import type { Clock } from '#lib/browser/clock.ts';
import { byId, listKeys, search, type ListedKey } from '#lib/browser/search.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { dayOf } from '#lib/items/expiry.ts';
import type { VaultView } from '#lib/keyholder/views.ts';

export interface KeyGroup {
	/** `due`: expired, expiring or to be rotated. They are in no other group. */
	readonly kind: 'due' | 'rest';
	readonly keys: readonly ListedKey[];
}

export interface Counts {
	/** Keys in the list, without search: all but archived ones and the trash. */
	readonly listed: number;
	readonly shown: number;
	readonly due: number;
	readonly archived: number;
	readonly trashed: number;
}

export class KeyList {
	#query = $state.raw('');
	#selectedId = $state.raw<string>();
	#now = $state.raw(0);
	#vaultId = $state.raw<string>();

	readonly #all = $derived.by(() =>
		listKeys(this.session.view?.vaults.flatMap(({ keys }) => keys) ?? [], this.#now)
	);
	readonly #byId = $derived(byId(this.#all));
	readonly #here = $derived(
		this.shownVault === undefined
			? this.#all
			: this.#all.filter(({ row }) => row.vault === this.shownVault?.id)
	);
	readonly #kept = $derived(this.#here.filter(({ row }) => row.overview.trashedAt === undefined));
	readonly #listed = $derived(this.#kept.filter(({ row }) => row.overview.status !== 'archived'));
	readonly #archived = $derived(this.#kept.filter(({ row }) => row.overview.status === 'archived'));
	readonly #trashed = $derived(
		this.#here
			.filter(({ row }) => row.overview.trashedAt !== undefined)
			.sort((a, b) => (b.row.overview.trashedAt ?? 0) - (a.row.overview.trashedAt ?? 0))
	);
	readonly #rows = $derived(search(this.#listed, this.#query));

	constructor(
		protected readonly session: Session,
		protected readonly clock: Clock
	) {
		this.#now = clock.now();
		session.onLock(() => {
			this.#query = '';
			this.#selectedId = undefined;
		});
	}

	/** The list: what matches the query, due keys first, then by name. */
	get rows(): readonly ListedKey[] {
		return this.#rows;
	}
	/** {@link rows} as groups; empty ones are left out. */
	get groups(): readonly KeyGroup[] {
		// Due keys come first in the rows.
		const due = this.#rows.findIndex((key) => !key.due);
		const end = due < 0 ? this.#rows.length : due;
		const groups: KeyGroup[] = [
			{ kind: 'due', keys: this.#rows.slice(0, end) },
			{ kind: 'rest', keys: this.#rows.slice(end) }
		];
		return groups.filter(({ keys }) => keys.length > 0);
	}
	/** Every key of every vault, those in the trash too. */
	get all(): readonly ListedKey[] {
		return this.#all;
	}
	get archived(): readonly ListedKey[] {
		return this.#archived;
	}
	/** The trash, latest first. */
	get trashed(): readonly ListedKey[] {
		return this.#trashed;
	}
	get counts(): Counts {
		return {
			listed: this.#listed.length,
			shown: this.#rows.length,
			due: this.#listed.filter(({ due }) => due).length,
			archived: this.#archived.length,
			trashed: this.#trashed.length
		};
	}
	/** The one vault whose keys are listed; undefined for all of them, and if it is there no more. */
	get shownVault(): VaultView | undefined {
		return this.session.view?.vaults.find(({ id }) => id === this.#vaultId);
	}
	/** Lists the keys of one vault, or of all. */
	showVault(id: string | undefined): void {
		this.#vaultId = id;
	}
	get query(): string {
		return this.#query;
	}
	set query(query: string) {
		this.#query = query;
	}
	get selectedId(): string | undefined {
		return this.#selectedId;
	}
	set selectedId(id: string | undefined) {
		this.#selectedId = id;
	}
	/** The selected key, wherever it is: list, archive or trash. */
	get selected(): ListedKey | undefined {
		return this.#selectedId === undefined ? undefined : this.find(this.#selectedId);
	}

	find(id: string): ListedKey | undefined {
		return this.#byId.get(id);
	}

	/** Looks at the calendar again: at midnight keys become due. To be called at focus. */
	wake(): void {
		if (dayOf(this.clock.now()) !== dayOf(this.#now)) this.#now = this.clock.now();
	}
}
