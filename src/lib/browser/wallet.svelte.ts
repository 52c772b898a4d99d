/**
 * The keys of an unlocked account as the screen works with them: list, search, copy, reveal, save,
 * trash. It holds overviews; a value is here only while it is shown. What fails stands in `fault`.
 */
import type { AgreedTime } from '#lib/browser/agreed-time.ts';
import { BesideNotice } from '#lib/browser/beside.svelte.ts';
import type { Clipboard } from '#lib/browser/clipboard.svelte.ts';
import type { Clock } from '#lib/browser/clock.ts';
import { copiedText, type SayValues } from '#lib/browser/copied-text.ts';
import { FaultError, faultOf, type Fault } from '#lib/browser/fault.ts';
import type { ReadPurpose } from '#lib/browser/host.ts';
import { KeyList } from '#lib/browser/key-list.svelte.ts';
import { noteCopied, noteSaved } from '#lib/browser/notes.ts';
import { PastLook } from '#lib/browser/past-look.svelte.ts';
import { saveByVault } from '#lib/browser/save-by-vault.ts';
import { Reveals } from '#lib/browser/reveal.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { UndoOffer, type Undo } from '#lib/browser/undo.svelte.ts';
import { without } from '#lib/items/json.ts';
import type { Draft, Overview, Secret } from '#lib/items/key.ts';
import { restoreFromTrash, trash } from '#lib/items/lifecycle.ts';
import type { KeyEdit, KeyRow, ReadResult, VaultView } from '#lib/keyholder/views.ts';

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

export class Wallet extends KeyList {
	readonly past: PastLook;
	readonly reveals: Reveals;
	readonly undoOffer: UndoOffer;
	readonly beside: BesideNotice;
	#fault = $state.raw<Fault>();
	#saving = $state.raw(false);
	#offlineSince = $state.raw<number>();

	constructor(
		session: Session,
		private readonly clipboard: Clipboard,
		clock: Clock,
		/** The moment, for what must not go too early. */
		readonly agreedTime: AgreedTime
	) {
		super(session, clock);
		this.reveals = new Reveals(clock);
		this.past = new PastLook(session, clock, agreedTime, () => this.reveals.any);
		this.undoOffer = new UndoOffer(clock);
		this.beside = new BesideNotice(session);
		session.onLock(() => {
			this.reveals.hide();
			this.dismissUndo();
			if (session.lockReason === 'signed-out') this.showVault(undefined);
			this.#fault = undefined;
			this.#saving = false;
		});
	}

	get undo(): Undo | undefined {
		return this.undoOffer.shown;
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
	/** The vault that a new key goes to: the one that is shown, else the first. */
	get vault(): VaultView | undefined {
		return this.shownVault ?? this.session.view?.vaults[0];
	}
	/** Another key than the one whose values are shown, or on their way, hides them. */
	override set selectedId(id: string | undefined) {
		this.reveals.keepOnly(id);
		super.selectedId = id;
	}
	override get selectedId(): string | undefined {
		return super.selectedId;
	}

	/**
	 * Copies one value of a key, the first unless `what` counts to another on screen, or what it makes
	 * of all. They pass through this page's memory on their way and are kept nowhere.
	 *
	 * @param label what is said to be in the clipboard then
	 */
	async copy(
		row: KeyRow,
		what: number | SayValues = 0,
		label = row.overview.name
	): Promise<CopyOutcome> {
		const text = this.#readShown(row, 'copy').then((secret) => copiedText(row, secret, what));
		try {
			if (!(await this.clipboard.put(text, label))) return 'refused';
			if (typeof what === 'number') noteCopied(this.session, row, 'value', what);
			else noteCopied(this.session, row, 'text');
			return 'copied';
		} catch (error) {
			this.#failed(error);
			return 'failed';
		}
	}

	/** Shows the values of a key for twenty seconds, unless they are hidden before they come. */
	async reveal(row: KeyRow): Promise<void> {
		await this.reveals.now.show(row.item, () =>
			this.#orFault(async () => without(await this.#readShown(row, 'reveal'), ['previous']))
		);
	}

	/** The same of the values that the key had before: who wants one need not show the other. */
	async revealBefore(row: KeyRow): Promise<void> {
		await this.reveals.before.show(row.item, () =>
			this.#orFault(async () => (await this.#readShown(row, 'reveal')).previous ?? [])
		);
	}

	/**
	 * The values of a key for its edit form, and the row that they belong to, which is where the edit
	 * starts: another device may have changed both since. Undefined where it failed.
	 */
	async open(row: KeyRow): Promise<ReadResult | undefined> {
		return await this.#orFault(() => this.#read(row, 'edit'));
	}

	/** Saves a new key. */
	async add(draft: Draft): Promise<SaveOutcome> {
		return await this.#saveKeys(async (vault) => {
			// Here already: who has a draft has its form.
			const { newKey } = await import('#lib/items/draft.ts');
			const key = newKey(draft, this.clock.now());
			return [{ kind: 'add', vault: vault.id, ...key }];
		});
	}

	/**
	 * Saves changes of overviews and values, in one commit for each vault. `written` are the rows that
	 * stand then, also where a later vault refused: so that they can be undone.
	 */
	async save(edits: readonly KeyEdit[], written: KeyRow[] = []): Promise<SaveOutcome> {
		return await this.#saveKeys(() => edits, written);
	}

	/** Puts keys into the trash; {@link takeBack} is at hand for some seconds. */
	async trash(rows: readonly KeyRow[]): Promise<SaveOutcome> {
		const now = this.clock.now();
		const written: KeyRow[] = [];
		const edits = rows.map((base) => changed(base, trash(base.overview, now)));
		const saved = await this.save(edits, written);
		if (written.length > 0) this.undoOffer.make('trash', written);
		return saved;
	}

	/** Brings keys back from the trash, as they were. */
	async restore(rows: readonly KeyRow[]): Promise<SaveOutcome> {
		const written: KeyRow[] = [];
		const edits = rows.map((base) => changed(base, restoreFromTrash(base.overview)));
		const saved = await this.save(edits, written);
		if (written.length > 0) this.undoOffer.make('restore', written);
		return saved;
	}

	/** Deletes keys with their values. There is no way back. */
	async erase(rows: readonly KeyRow[]): Promise<SaveOutcome> {
		return await this.save(rows.map((base) => ({ kind: 'drop', base })));
	}

	/** Undoes what {@link undo} offers. It has no screen of its own to say on that it failed. */
	async takeBack(): Promise<SaveOutcome | undefined> {
		const undo = this.undoOffer.take();
		if (undo === undefined) return undefined;
		const now = this.clock.now();
		const before = (overview: Overview) =>
			undo.kind === 'trash' ? restoreFromTrash(overview) : trash(overview, now);
		const rows = () => undo.rows.map((base) => changed(base, before(base.overview)));
		const done = await (undo.back?.() ?? this.save(rows()));
		if (done.outcome === 'saved') this.#answered();
		if (done.outcome === 'failed') this.#failed(new FaultError(done.fault));
		if (done.outcome === 'conflict') this.#fault = { code: 'not-undone' };
		return done;
	}

	dismissUndo(): void {
		this.undoOffer.withdraw();
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

	/** The browser says that it has no network, or has it again. */
	network(online: boolean): void {
		if (online) this.#offlineSince = undefined;
		else this.#offlineSince ??= this.clock.now();
	}

	dismissFault(): void {
		this.#fault = undefined;
	}

	async #saveKeys(
		edits: (vault: VaultView) => readonly KeyEdit[] | Promise<readonly KeyEdit[]>,
		written: KeyRow[] = []
	): Promise<SaveOutcome> {
		this.#saving = true;
		this.#fault = undefined;
		try {
			if (this.vault === undefined) throw new FaultError({ code: 'locked' });
			if (this.session.broken) throw new FaultError(this.session.fault ?? { code: 'integrity' });
			const wanted = await this.past.settled(await edits(this.vault));
			const result = await this.session.call((host) => saveByVault(host, wanted, written));
			await this.session.look();
			this.#answered();
			this.beside.note(wanted, result);
			if (result.outcome === 'saved') noteSaved(this.session, wanted, result.keys);
			return result;
		} catch (error) {
			if (written.length > 0) await this.session.look().catch(() => undefined);
			return { outcome: 'failed', fault: this.#failed(error) };
		} finally {
			this.#saving = false;
		}
	}

	async #orFault<Value>(action: () => Promise<Value>): Promise<Value | undefined> {
		try {
			return await action();
		} catch (error) {
			this.#failed(error);
			return undefined;
		}
	}

	/**
	 * The values that belong to what is on screen, and no others.
	 *
	 * @throws {FaultError} `changed` if another device has written others: then the list shows those
	 */
	async #readShown(row: KeyRow, purpose: ReadPurpose): Promise<Secret> {
		const read = await this.#read(row, purpose);
		if (read.row.revision !== row.revision) throw new FaultError({ code: 'changed' });
		return read.secret;
	}

	async #read(row: KeyRow, purpose: ReadPurpose): Promise<ReadResult> {
		const ref = { vault: row.vault, item: row.item };
		const read = await this.session.call((host) => host.read(ref, purpose));
		// The worker has caught up with another device: the list does so too.
		if (read.row.revision !== row.revision) await this.session.look();
		this.#answered();
		return read;
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
}

function changed(base: KeyRow, overview: Overview): KeyEdit {
	return { kind: 'change', base, overview };
}
