/**
 * The keys of an unlocked account as the screen works with them: list, search, copy, reveal, save,
 * trash. It holds overviews; a value is here only while it is shown. What fails stands in `fault`.
 */
import type { Clipboard } from '#lib/browser/clipboard.svelte.ts';
import type { Clock } from '#lib/browser/clock.ts';
import { FaultError, faultOf, type Fault } from '#lib/browser/fault.ts';
import type { ReadPurpose } from '#lib/browser/host.ts';
import { listKeys, search, type ListedKey } from '#lib/browser/search.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { dayOf } from '#lib/items/expiry.ts';
import type { Draft, Field, Overview, Secret } from '#lib/items/key.ts';
import { restoreFromTrash, trash } from '#lib/items/lifecycle.ts';
import { editKey, newKey } from '#lib/items/overview.ts';
import type { KeyEdit, KeyRow, VaultView } from '#lib/keyholder/views.ts';

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

export interface Revealed {
	readonly id: string;
	readonly fields: readonly Field[];
	readonly secret: Secret;
	readonly secondsLeft: number;
	readonly secondsTotal: number;
}

export interface Undo {
	readonly kind: 'trash' | 'restore';
	/** Names of the keys it was done to. */
	readonly names: readonly string[];
	readonly secondsLeft: number;
	readonly secondsTotal: number;
}

/** `conflict`: other devices were faster every time; the draft is kept, try again. */
export type SaveOutcome =
	| {
			readonly outcome: 'saved';
			readonly keys: readonly KeyRow[];
			readonly beside: readonly string[];
	  }
	| { readonly outcome: 'conflict' }
	| { readonly outcome: 'failed'; readonly fault: Fault };

export type CopyOutcome = 'copied' | 'refused' | 'failed';

/** A key that holds a value already. */
export interface Duplicate {
	readonly row: KeyRow;
	readonly field: string;
}

export const REVEAL_SECONDS = 20;
export const UNDO_SECONDS = 10;
const TICK_MS = 250;

export class Wallet {
	#query = $state.raw('');
	#selectedId = $state.raw<string>();
	#revealed = $state.raw<Revealed>();
	#undo = $state.raw<Undo>();
	#fault = $state.raw<Fault>();
	#saving = $state.raw(false);
	#offlineSince = $state.raw<number>();
	#now = $state.raw(0);
	#undoRows: readonly KeyRow[] = [];
	#endReveal: (() => void) | undefined;
	#endUndo: (() => void) | undefined;

	readonly #all = $derived.by(() =>
		listKeys(this.session.view?.vaults.flatMap(({ keys }) => keys) ?? [], this.#now)
	);
	readonly #kept = $derived(this.#all.filter(({ row }) => row.overview.trashedAt === undefined));
	readonly #listed = $derived(this.#kept.filter(({ row }) => row.overview.status !== 'archived'));
	readonly #archived = $derived(this.#kept.filter(({ row }) => row.overview.status === 'archived'));
	readonly #trashed = $derived(
		this.#all
			.filter(({ row }) => row.overview.trashedAt !== undefined)
			.sort((a, b) => (b.row.overview.trashedAt ?? 0) - (a.row.overview.trashedAt ?? 0))
	);
	readonly #rows = $derived(search(this.#listed, this.#query));

	constructor(
		private readonly session: Session,
		private readonly clipboard: Clipboard,
		private readonly clock: Clock
	) {
		this.#now = clock.now();
		session.onLock(() => {
			this.#forget();
		});
	}

	/** The list: what matches the query, due keys first, then by name. */
	get rows(): readonly ListedKey[] {
		return this.#rows;
	}
	/** {@link rows} as groups; empty ones are left out. */
	get groups(): readonly KeyGroup[] {
		const due = this.#rows.filter((key) => key.due);
		const rest = this.#rows.filter((key) => !key.due);
		const groups: KeyGroup[] = [
			{ kind: 'due', keys: due },
			{ kind: 'rest', keys: rest }
		];
		return groups.filter(({ keys }) => keys.length > 0);
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
	get query(): string {
		return this.#query;
	}
	set query(query: string) {
		this.#query = query;
	}
	get selectedId(): string | undefined {
		return this.#selectedId;
	}
	/** Another key than the one whose values are shown hides them. */
	set selectedId(id: string | undefined) {
		if (id !== this.#revealed?.id) this.hide();
		this.#selectedId = id;
	}
	/** The selected key, wherever it is: list, archive or trash. */
	get selected(): ListedKey | undefined {
		return this.#selectedId === undefined ? undefined : this.find(this.#selectedId);
	}
	get revealed(): Revealed | undefined {
		return this.#revealed;
	}
	get undo(): Undo | undefined {
		return this.#undo;
	}
	get fault(): Fault | undefined {
		return this.#fault;
	}
	get saving(): boolean {
		return this.#saving;
	}
	get online(): boolean {
		return this.#offlineSince === undefined;
	}
	/** In milliseconds since 1970. */
	get offlineSince(): number | undefined {
		return this.#offlineSince;
	}
	/** The vault that a new key goes to. */
	get vault(): VaultView | undefined {
		return this.session.view?.vaults[0];
	}

	find(id: string): ListedKey | undefined {
		return this.#all.find((key) => key.id === id);
	}

	/**
	 * Copies one value of a key; the first unless `field` counts to another. The value passes
	 * through this page's memory on its way to the clipboard and is kept nowhere.
	 */
	async copy(row: KeyRow, field = 0): Promise<CopyOutcome> {
		const value = this.#read(row, 'copy').then((secret) => secret.fields[field]?.value ?? '');
		try {
			return (await this.clipboard.put(value, row.overview.name)) ? 'copied' : 'refused';
		} catch (error) {
			this.#failed(error);
			return 'failed';
		}
	}

	/** Shows the values of a key for {@link REVEAL_SECONDS}; undefined where it failed. */
	async reveal(row: KeyRow): Promise<Secret | undefined> {
		const secret = await this.#readOrFault(row, 'reveal');
		if (secret === undefined) return undefined;
		this.hide();
		const show = (secondsLeft: number) => {
			const times = { secondsLeft, secondsTotal: REVEAL_SECONDS };
			this.#revealed = { id: row.item, fields: secret.fields, secret, ...times };
		};
		this.#endReveal = this.#countDown(REVEAL_SECONDS, show, () => {
			this.hide();
		});
		return secret;
	}

	/** To be called when the window loses focus too. */
	hide(): void {
		this.#endReveal?.();
		this.#endReveal = undefined;
		this.#revealed = undefined;
	}

	/** The values of a key for its edit form; undefined where it failed. */
	async open(row: KeyRow): Promise<Secret | undefined> {
		return await this.#readOrFault(row, 'edit');
	}

	/** Saves a new key. */
	async add(draft: Draft): Promise<SaveOutcome> {
		return await this.#saveKeys((vault) => {
			const key = newKey(draft, this.clock.now());
			return [{ kind: 'add', vault: vault.id, ...key }];
		});
	}

	/**
	 * Saves an edit that started from `base` and its values.
	 *
	 * @param keepUntil until when the provider still takes a replaced value
	 */
	async change(
		base: KeyRow,
		secret: Secret,
		draft: Draft,
		keepUntil?: number
	): Promise<SaveOutcome> {
		return await this.#saveKeys(() => {
			const key = { overview: base.overview, secret };
			const { overview, ...edited } = editKey(key, draft, this.clock.now(), keepUntil);
			const values = edited.secretChanged ? { secret: edited.secret } : {};
			return [{ kind: 'change', base, overview, ...values }];
		});
	}

	/** Saves changes of overviews and values in one commit. */
	async save(edits: readonly KeyEdit[]): Promise<SaveOutcome> {
		return await this.#saveKeys(() => edits);
	}

	/** Puts keys into the trash; {@link takeBack} is at hand for some seconds. */
	async trash(rows: readonly KeyRow[]): Promise<SaveOutcome> {
		const now = this.clock.now();
		const saved = await this.save(rows.map((base) => changed(base, trash(base.overview, now))));
		if (saved.outcome === 'saved') this.#offerUndo('trash', saved.keys);
		return saved;
	}

	/** Brings keys back from the trash, as they were. */
	async restore(rows: readonly KeyRow[]): Promise<SaveOutcome> {
		const saved = await this.save(
			rows.map((base) => changed(base, restoreFromTrash(base.overview)))
		);
		if (saved.outcome === 'saved') this.#offerUndo('restore', saved.keys);
		return saved;
	}

	/** Deletes keys with their values. There is no way back. */
	async erase(rows: readonly KeyRow[]): Promise<SaveOutcome> {
		return await this.save(rows.map((base) => ({ kind: 'drop', base })));
	}

	/** Undoes what {@link undo} offers. */
	async takeBack(): Promise<SaveOutcome | undefined> {
		const undo = this.#undo;
		const rows = this.#undoRows;
		if (undo === undefined) return undefined;
		this.dismissUndo();
		const now = this.clock.now();
		return await this.save(
			rows.map((base) => {
				const { overview } = base;
				return changed(
					base,
					undo.kind === 'trash' ? restoreFromTrash(overview) : trash(overview, now)
				);
			})
		);
	}

	dismissUndo(): void {
		this.#endUndo?.();
		this.#endUndo = undefined;
		this.#undo = undefined;
		this.#undoRows = [];
	}

	/** The keys that hold `value` now, by its keyed hash: no value is opened for it. */
	async duplicatesOf(value: string): Promise<readonly Duplicate[]> {
		if (value === '') return [];
		const found: Duplicate[] = [];
		try {
			for (const vault of this.session.view?.vaults ?? []) {
				const print = await this.session.call((host) => host.fingerprint(vault.id, value));
				for (const row of vault.keys) {
					const field = row.overview.fields.find(({ fingerprint }) => fingerprint === print);
					if (field !== undefined) found.push({ row, field: field.name });
				}
			}
		} catch {
			// Locked meanwhile: nobody waits for the answer.
			return [];
		}
		return found;
	}

	/** Fetches what other devices wrote. */
	async refresh(): Promise<void> {
		try {
			await this.session.look('refresh');
			this.#answered();
		} catch (error) {
			this.#failed(error);
		}
		this.wake();
	}

	/** Looks at the calendar again: at midnight keys become due. To be called at focus. */
	wake(): void {
		if (dayOf(this.clock.now()) !== dayOf(this.#now)) this.#now = this.clock.now();
	}

	/** The browser says that it has no network, or has it again. */
	network(online: boolean): void {
		if (online) this.#offlineSince = undefined;
		else this.#offlineSince ??= this.clock.now();
	}

	dismissFault(): void {
		this.#fault = undefined;
	}

	async #saveKeys(edits: (vault: VaultView) => readonly KeyEdit[]): Promise<SaveOutcome> {
		this.#saving = true;
		this.#fault = undefined;
		try {
			if (this.vault === undefined) throw new FaultError({ code: 'locked' });
			if (this.session.broken) throw new FaultError(this.session.fault ?? { code: 'integrity' });
			const wanted = edits(this.vault);
			const result = await this.session.call((host) => host.save(wanted));
			await this.session.look();
			this.#answered();
			return result;
		} catch (error) {
			return { outcome: 'failed', fault: this.#failed(error) };
		} finally {
			this.#saving = false;
		}
	}

	async #readOrFault(row: KeyRow, purpose: ReadPurpose): Promise<Secret | undefined> {
		try {
			return await this.#read(row, purpose);
		} catch (error) {
			this.#failed(error);
			return undefined;
		}
	}

	async #read(row: KeyRow, purpose: ReadPurpose): Promise<Secret> {
		const ref = { vault: row.vault, item: row.item };
		const secret = await this.session.call((host) => host.read(ref, purpose));
		this.#answered();
		return secret;
	}

	#answered(): void {
		this.#offlineSince = undefined;
		this.#fault = undefined;
	}

	#failed(error: unknown): Fault {
		const fault = faultOf(error);
		if (fault.code === 'offline') this.network(false);
		this.#fault = fault;
		return fault;
	}

	#offerUndo(kind: Undo['kind'], rows: readonly KeyRow[]): void {
		this.dismissUndo();
		this.#undoRows = rows;
		const names = rows.map(({ overview }) => overview.name);
		const show = (secondsLeft: number) => {
			this.#undo = { kind, names, secondsLeft, secondsTotal: UNDO_SECONDS };
		};
		this.#endUndo = this.#countDown(UNDO_SECONDS, show, () => {
			this.dismissUndo();
		});
	}

	#countDown(seconds: number, show: (secondsLeft: number) => void, end: () => void): () => void {
		const until = this.clock.now() + seconds * 1_000;
		show(seconds);
		return this.clock.every(TICK_MS, () => {
			const left = Math.ceil((until - this.clock.now()) / 1_000);
			if (left <= 0) end();
			else show(Math.min(left, seconds));
		});
	}

	#forget(): void {
		this.hide();
		this.dismissUndo();
		this.#query = '';
		this.#selectedId = undefined;
		this.#fault = undefined;
		this.#saving = false;
	}
}

function changed(base: KeyRow, overview: Overview): KeyEdit {
	return { kind: 'change', base, overview };
}
