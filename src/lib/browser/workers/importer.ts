/**
 * An import, in the worker with the keys: the values of the file go from the worker that reads it to
 * the commit, and never to the page.
 */
import { FaultError } from '#lib/browser/fault.ts';
import type {
	ImportAnswer,
	ImportPreview,
	ImportResult,
	ImportStep,
	UndoResult
} from '#lib/browser/import-host.ts';
import { editsOf, planImport, replacedBy } from '#lib/browser/import-plan.ts';
import type { ImportEdits, ImportPlan, ImportWish } from '#lib/browser/import-plan.ts';
import { partsOf } from '#lib/browser/restore-parts.ts';
import { faultIn, givenUp } from '#lib/browser/workers/fault-in.ts';
import { PartWriter, type OnPart, type Written } from '#lib/browser/workers/part-writer.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { ReadChoice, ReadFile } from '#lib/import/read-file.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';
import type { AccountView, KeyEdit, KeyRow, ReadResult, SaveTries } from '#lib/keyholder/views.ts';

/** The worker that reads files. */
export interface ImportPort {
	read(file: Bytes, choice: ReadChoice): Promise<ReadFile>;
}

/** What is asked of the keyholder. */
export type ImportSource = Pick<Keyholder, 'view' | 'refresh' | 'fingerprint' | 'save' | 'read'>;

type Opened = Extract<ReadFile, { readonly outcome: 'read' }>;

export class Importer {
	#file: Opened | undefined;
	#planned: { readonly vault: string; readonly plan: ImportPlan } | undefined;
	#writer: PartWriter | undefined;
	/** What takes back what the writer wrote; one more where it wrote on after that was interrupted. */
	#undoing: { readonly writer: PartWriter; readonly edits: readonly KeyEdit[] }[] = [];
	/** What was sent of this import before any of it was known to be in. */
	#tries: SaveTries = [];
	/** Whether some of that may have arrived unseen. */
	#unsure = false;
	/** What the writer was made for. */
	#wish = '';
	/** Rows that it leaves out, since no key can hold them. */
	#unfit: readonly number[] = [];
	/** Keys as they were before they were replaced. */
	readonly #before = new Map<string, ReadResult>();
	/** Raised by every stop, and by what takes the place of older work, which ends at its next step. */
	#era = 0;

	constructor(
		private readonly keyholder: ImportSource,
		private readonly reader: ImportPort,
		private readonly now: () => number
	) {}

	async read(file: Bytes, choice: ReadChoice, vault: string): Promise<ImportAnswer> {
		this.#forget();
		const era = ++this.#era;
		const read = await this.reader.read(file, choice);
		this.#check(era);
		if (read.outcome !== 'read') return { outcome: read.outcome };
		this.#file = read;
		return { outcome: 'read', preview: await this.plan(vault) };
	}

	async plan(vault: string): Promise<ImportPreview> {
		const { content, format, program, columns } = this.#opened();
		const era = ++this.#era;
		const { vaults } = await this.#view();
		const target = vaults.find(({ id }) => id === vault);
		if (target === undefined) throw new FaultError({ code: 'gone' });
		const plan = await planImport(content.candidates, vaults, target, async (id, value) => {
			this.#check(era);
			return await this.keyholder.fingerprint(id, value);
		});
		this.#check(era);
		this.#planned = { vault, plan };
		this.#writer = undefined;
		this.#tries = [];
		this.#unfit = [];
		return {
			format,
			...(program === undefined ? {} : { program }),
			...(columns === undefined ? {} : { columns }),
			rows: plan.rows,
			here: plan.here,
			refused: content.refused
		};
	}

	/**
	 * Writes what was chosen, at once if one commit holds it; else when it is asked for again. After a
	 * part of it is in, what is left of that. Whatever ends it, the answer says how much is in.
	 */
	async write(wish: ImportWish, onStep: (step: ImportStep) => void): Promise<ImportResult> {
		const era = this.#era;
		try {
			return await this.#write(wish, onStep);
		} catch (error) {
			const { done = 0, commits = 1 } = this.#writer ?? {};
			const so = { done, commits, unfit: this.#unfit };
			if (era !== this.#era) return { outcome: 'stopped', ...so };
			return { outcome: 'failed', fault: faultIn(error), ...so };
		}
	}

	async #write(wish: ImportWish, onStep: (step: ImportStep) => void): Promise<ImportResult> {
		const era = this.#era;
		const said = JSON.stringify(wish);
		const goesOn = this.#writer !== undefined && (this.#writer.done > 0 || this.#wish === said);
		if (!goesOn) {
			this.#writer = undefined;
			const { edits, unfit } = await this.#begin(wish, onStep);
			this.#check(era);
			const begun = new PartWriter(this.keyholder, partsOf(edits), this.#tries);
			this.#writer = begun;
			this.#unfit = unfit;
			const out = new Set(unfit);
			const left = wish.choices.map((choice, index) => (out.has(index) ? 'skip' : choice));
			this.#wish = JSON.stringify({ ...wish, choices: left });
			// More than one step is for the person to decide, before any of it is taken.
			if (begun.commits > 1) return { outcome: 'divided', done: 0, commits: begun.commits, unfit };
		}
		const onPart: OnPart = (done, total, sealed) => {
			this.#check(era);
			onStep({ step: 'sealing', done: done + sealed, total });
			if (done + sealed === total) onStep({ step: 'sending' });
		};
		const outcome = await this.#send(onPart);
		const { done, commits } = this.#begun();
		return { outcome, done, commits, unfit: this.#unfit };
	}

	/** Where an earlier try has arrived after all, what is wanted now takes its place. */
	async #send(onPart: OnPart): Promise<'written' | 'divided' | 'conflict'> {
		const writer = this.#begun();
		const outcome = await writer.write(onPart);
		if (outcome !== 'earlier') return outcome;
		this.#tries = [];
		this.#writer = new PartWriter(this.keyholder, partsOf(this.#inPlaceOf(writer)), this.#tries);
		return await this.#send(onPart);
	}

	#inPlaceOf({ written, left }: PartWriter): KeyEdit[] {
		const rows = new Map(written.map(({ row }) => [row.item, row]));
		const wanted = left.map((edit) => {
			const base = edit.kind === 'add' ? undefined : rows.get(edit.base.item);
			return base === undefined ? edit : { ...edit, base };
		});
		const again = new Set(wanted.map((edit) => (edit.kind === 'add' ? '' : edit.base.item)));
		const back = written.filter(({ row }) => !again.has(row.item)).map((one) => this.#backOf(one));
		return [...back, ...wanted];
	}

	/** Asked for again after it was interrupted, it goes on: nothing is taken back twice. */
	async undo(): Promise<UndoResult> {
		const begun = this.#undoing.reduce((sum, { edits }) => sum + edits.length, 0);
		const edits = this.#begun()
			.written.slice(begun)
			.map((one) => this.#backOf(one));
		if (edits.length > 0) {
			this.#undoing.push({ writer: new PartWriter(this.keyholder, partsOf(edits)), edits });
		}
		let left = 0;
		for (const { writer, edits } of this.#undoing) {
			let outcome = await writer.write(() => undefined);
			if (outcome === 'divided') outcome = await writer.write(() => undefined);
			if (outcome !== 'written') return { outcome: 'conflict', left };
			left += this.#leftBy(writer, edits);
		}
		this.#forget();
		return { outcome: 'undone', left };
	}

	/** Keys that came in and are here still, and keys that were replaced and not given back. */
	#leftBy({ written }: PartWriter, edits: readonly KeyEdit[]): number {
		const back = new Set(written.map(({ row }) => row.item));
		const here = new Set(this.keyholder.view().vaults.flatMap(({ keys }) => keys.map(itemOf)));
		return edits.filter((edit) => {
			if (edit.kind === 'add') return false;
			return edit.kind === 'drop' ? here.has(edit.base.item) : !back.has(edit.base.item);
		}).length;
	}

	/** Gives up what is under way. */
	stop(forget: boolean): void {
		this.#era++;
		if (forget) this.#forget();
	}

	async #begin(wish: ImportWish, onStep: (step: ImportStep) => void): Promise<ImportEdits> {
		const { content } = this.#opened();
		const planned = this.#planned;
		if (planned === undefined) throw givenUp();
		const { plan, vault } = planned;
		await this.#open(replacedBy(plan, wish), onStep);
		return editsOf(content.candidates, plan, wish, vault, this.#before, this.now());
	}

	/**
	 * Opens the keys that are replaced, each by a request of its own: several at once would take a proof.
	 * What is open already is not asked for again, so that one goes on after a limit of the server.
	 */
	async #open(bases: readonly KeyRow[], onStep: (step: ImportStep) => void): Promise<void> {
		const era = this.#era;
		for (const [done, base] of bases.entries()) {
			this.#check(era);
			if (this.#before.get(base.item)?.row.revision === base.revision) continue;
			onStep({ step: 'opening', done, total: bases.length });
			this.#before.set(base.item, await this.keyholder.read(base, 'edit'));
		}
	}

	/** What was there before; what came in is deleted, since it is not older than this import. */
	#backOf({ edit, row }: Written): KeyEdit {
		const before = edit.kind === 'change' ? this.#before.get(row.item) : undefined;
		if (before === undefined) return { kind: 'drop', base: row };
		const { overview } = before.row;
		return { kind: 'change', base: row, overview, secret: before.secret, yields: true };
	}

	/** What is here, with what may have arrived unseen. */
	async #view(): Promise<AccountView> {
		this.#unsure ||= this.#tries.length > 0;
		if (!this.#unsure) return this.keyholder.view();
		const view = await this.keyholder.refresh();
		this.#unsure = false;
		return view;
	}

	#begun(): PartWriter {
		if (this.#writer === undefined) throw givenUp();
		return this.#writer;
	}

	#opened(): Opened {
		if (this.#file === undefined) throw givenUp();
		return this.#file;
	}

	#forget(): void {
		this.#file = undefined;
		this.#planned = undefined;
		this.#writer = undefined;
		this.#unsure ||= this.#tries.length > 0;
		this.#tries = [];
		this.#undoing = [];
		this.#unfit = [];
		this.#before.clear();
	}

	#check(era: number): void {
		if (era !== this.#era) throw givenUp();
	}
}

function itemOf({ item }: KeyRow): string {
	return item;
}
