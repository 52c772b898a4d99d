/**
 * The keys of an unlocked account in lists: searched, filtered, ordered, grouped, counted, one
 * selected, some marked.
 */
import type { Clock } from '#lib/browser/clock.ts';
import { readShownVault, writeShownVault } from '#lib/browser/device/remembered.ts';
import { filtered, type ListView } from '#lib/browser/key-filters.ts';
import { grouped, sorted, type KeyGroup } from '#lib/browser/key-groups.ts';
import { MarkedKeys } from '#lib/browser/marked-keys.svelte.ts';
import { byId, find, listKeys, type ListedKey } from '#lib/browser/search.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { dayOf } from '#lib/items/expiry.ts';
import type { VaultView } from '#lib/keyholder/views.ts';

export interface Counts {
	/** Keys in the list, without search and filters, archived ones too. */
	readonly kept: number;
	/** Those of them that are not archived. */
	readonly listed: number;
	/** Those that match, archived ones too. */
	readonly shown: number;
	readonly due: number;
	readonly archived: number;
	readonly trashed: number;
}

/** A few milliseconds' worth. */
const WARM_KEYS = 250;
/** After the first rows have been drawn. */
const WARM_AFTER_MS = 200;

export class KeyList {
	#query = $state.raw('');
	#filters = $state.raw<ListView>({});
	#selectedId = $state.raw<string>();
	#now = $state.raw(0);
	#vaultId = $state.raw(readShownVault());

	readonly #all = $derived.by(() => listKeys(this.session.rows, this.#now));
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
	readonly #shown = $derived(this.#filters.archived === true ? [] : this.#listed);
	/** Both at once, so that a word is taken loosely only if it is in neither. */
	readonly #found = $derived(find([...this.#shown, ...this.#archived], this.#query));
	readonly #matching = $derived(filtered(this.#found.keys, this.#filters));
	readonly #rows = $derived(
		this.#ordered(this.#matching.filter(({ row }) => row.overview.status !== 'archived'))
	);
	readonly #foundArchived = $derived(
		this.#ordered(this.#matching.filter(({ row }) => row.overview.status === 'archived'))
	);
	readonly #groups = $derived(grouped(this.#rows, this.#filters.group));
	readonly marked = new MarkedKeys();

	constructor(
		protected readonly session: Session,
		protected readonly clock: Clock
	) {
		this.#now = clock.now();
		session.onLock(() => {
			this.#query = '';
			this.#filters = {};
			this.#selectedId = undefined;
			this.marked.clear();
		});
	}

	/** The list: what matches query and filters, due keys first, then as they are sorted. */
	get rows(): readonly ListedKey[] {
		return this.#rows;
	}
	/** {@link rows} as groups; empty ones are left out. */
	get groups(): readonly KeyGroup[] {
		return this.#groups;
	}
	/** The archived ones that match. */
	get foundArchived(): readonly ListedKey[] {
		return this.#foundArchived;
	}
	/** {@link foundArchived} as groups. */
	get archivedGroups(): readonly KeyGroup[] {
		return grouped(this.#foundArchived, this.#filters.group);
	}
	/** Words of the query that were found loosely only. */
	get loose(): ReadonlySet<string> {
		return this.#found.loose;
	}
	/** All that is in the list without search and filters, archived ones too. */
	get kept(): readonly ListedKey[] {
		return this.#kept;
	}
	/** What the list shows and how, without the query. */
	get filters(): ListView {
		return this.#filters;
	}
	set filters(filters: ListView) {
		this.#filters = filters;
	}
	/** Every key of every vault, those in the trash too. */
	get all(): readonly ListedKey[] {
		return this.#all;
	}
	/** The trash, latest first. */
	get trashed(): readonly ListedKey[] {
		return this.#trashed;
	}
	get counts(): Counts {
		return {
			kept: this.#kept.length,
			listed: this.#listed.length,
			shown: this.#matching.length,
			due: this.#listed.filter(({ due }) => due).length,
			archived: this.#archived.length,
			trashed: this.#trashed.length
		};
	}
	/** The one vault whose keys are listed; undefined for all of them, and if it is there no more. */
	get shownVault(): VaultView | undefined {
		return this.session.view?.vaults.find(({ id }) => id === this.#vaultId);
	}
	/** The vaults whose keys are listed. */
	get shownVaults(): readonly VaultView[] {
		return this.shownVault === undefined ? (this.session.view?.vaults ?? []) : [this.shownVault];
	}
	/** When all that is listed was last verified, by this device's clock. */
	get verifiedAtMs(): number {
		const shown = this.shownVaults.map(({ verifiedAtMs }) => verifiedAtMs);
		return shown.length === 0 ? 0 : Math.min(...shown);
	}
	/** Lists the keys of one vault, or of all. */
	showVault(id: string | undefined): void {
		this.#vaultId = id;
		writeShownVault(id);
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

	/** The keys that are marked and there still, in no order that means anything. */
	get markedKeys(): readonly ListedKey[] {
		// Mostly there are none, and it is asked at every change of ten thousand.
		return this.marked.size === 0 ? [] : this.#kept.filter(({ id }) => this.marked.has(id));
	}

	/**
	 * Makes ready what a search looks at, in slices that nobody feels, so that the first letter is
	 * answered as fast as the second.
	 *
	 * @returns a function that stops it
	 */
	warm(): () => void {
		const keys = this.#kept;
		let stop: (() => void) | undefined;
		const slice = (from: number) => {
			for (const key of keys.slice(from, from + WARM_KEYS)) key.makeReady();
			if (from + WARM_KEYS < keys.length) {
				stop = this.clock.after(0, () => {
					slice(from + WARM_KEYS);
				});
			}
		};
		stop = this.clock.after(WARM_AFTER_MS, () => {
			slice(0);
		});
		return () => stop?.();
	}

	find(id: string): ListedKey | undefined {
		return this.#byId.get(id);
	}

	/** Looks at the calendar again: at midnight keys become due. To be called at focus. */
	wake(): void {
		if (dayOf(this.clock.now()) !== dayOf(this.#now)) this.#now = this.clock.now();
	}

	/** By how well they match, where something is searched for; due keys first in any case. */
	#ordered(keys: readonly ListedKey[]): readonly ListedKey[] {
		const { sort = 'name' } = this.#filters;
		const ranked = sort === 'name' ? keys : sorted(keys, sort);
		return [...ranked.filter(({ due }) => due), ...ranked.filter(({ due }) => !due)];
	}
}
