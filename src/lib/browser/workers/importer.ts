/**
 * An import, in the worker with the keys: the values of the file go from the worker that reads it to
 * the commit, and never to the page.
 */
import { FaultError } from '#lib/browser/fault.ts';
import type {
	ImportAnswer,
	ImportPreview,
	ImportResult,
	ImportStep
} from '#lib/browser/import-host.ts';
import { editsOf, planImport, type ImportPlan, type ImportWish } from '#lib/browser/import-plan.ts';
import { partsOf } from '#lib/browser/restore-parts.ts';
import { givenUp } from '#lib/browser/workers/fault-in.ts';
import { PartWriter, type Written } from '#lib/browser/workers/part-writer.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { ReadChoice, ReadFile } from '#lib/import/read-file.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';
import type { KeyEdit, ReadResult } from '#lib/keyholder/views.ts';

/** The worker that reads files. */
export interface ImportPort {
	read(file: Bytes, choice: ReadChoice): Promise<ReadFile>;
}

/** What is asked of the keyholder. */
export type ImportSource = Pick<Keyholder, 'view' | 'fingerprint' | 'save'> & {
	readonly vaults: Pick<Keyholder['vaults'], 'read'>;
};

type Opened = Extract<ReadFile, { readonly outcome: 'read' }>;

export class Importer {
	#file: Opened | undefined;
	#planned: { readonly vault: string; readonly plan: ImportPlan } | undefined;
	#writer: PartWriter | undefined;
	/** Keys as they were before they were replaced. */
	#before: ReadonlyMap<string, ReadResult> = new Map();
	/** Raised by every stop: work of an older one ends at its next step. */
	#era = 0;

	constructor(
		private readonly keyholder: ImportSource,
		private readonly reader: ImportPort,
		private readonly now: () => number
	) {}

	async read(file: Bytes, choice: ReadChoice, vault: string): Promise<ImportAnswer> {
		this.#forget();
		const era = this.#era;
		const read = await this.reader.read(file, choice);
		this.#check(era);
		if (read.outcome !== 'read') return { outcome: read.outcome };
		this.#file = read;
		return { outcome: 'read', preview: await this.plan(vault) };
	}

	async plan(vault: string): Promise<ImportPreview> {
		const { content, format, program, columns } = this.#opened();
		const era = this.#era;
		const { vaults } = this.keyholder.view();
		const target = vaults.find(({ id }) => id === vault);
		if (target === undefined) throw new FaultError({ code: 'gone' });
		const plan = await planImport(content.candidates, vaults, target, async (id, value) => {
			this.#check(era);
			return await this.keyholder.fingerprint(id, value);
		});
		this.#check(era);
		this.#planned = { vault, plan };
		this.#writer = undefined;
		return {
			format,
			...(program === undefined ? {} : { program }),
			...(columns === undefined ? {} : { columns }),
			rows: plan.rows,
			refused: content.refused
		};
	}

	/** Writes what was chosen; after a part of it is in, what is left of that. */
	async write(wish: ImportWish, onStep: (step: ImportStep) => void): Promise<ImportResult> {
		const era = this.#era;
		const begun = this.#writer !== undefined && this.#writer.done > 0;
		const divided = this.#writer !== undefined && this.#writer.commits > 1;
		const writer = begun || divided ? this.#writer : await this.#begin(wish);
		this.#check(era);
		if (writer === undefined) throw givenUp();
		this.#writer = writer;
		const outcome = await writer.write((done, total, sealed) => {
			this.#check(era);
			onStep({ step: 'sealing', done: done + sealed, total });
			if (done + sealed === total) onStep({ step: 'sending' });
		});
		return { outcome, done: writer.done, commits: writer.commits };
	}

	async undo(): Promise<{ readonly outcome: 'undone' | 'conflict' }> {
		if (this.#writer === undefined) throw givenUp();
		const edits = this.#writer.written.map((one) => this.#backOf(one));
		const writer = new PartWriter(this.keyholder, partsOf(edits));
		let outcome = await writer.write(() => undefined);
		if (outcome === 'divided') outcome = await writer.write(() => undefined);
		if (outcome === 'conflict') return { outcome };
		this.#forget();
		return { outcome: 'undone' };
	}

	/** Gives up what is under way. */
	stop(forget: boolean): void {
		this.#era++;
		if (forget) this.#forget();
	}

	async #begin(wish: ImportWish): Promise<PartWriter> {
		const { content } = this.#opened();
		const planned = this.#planned;
		if (planned === undefined) throw givenUp();
		const { plan, vault } = planned;
		const items = plan.bases.flatMap((base, index) =>
			base !== undefined && wish.choices[index] === 'replace' ? [base.item] : []
		);
		const read = items.length === 0 ? [] : await this.keyholder.vaults.read(vault, items);
		this.#before = new Map(read.map((one) => [one.row.item, one]));
		const edits = editsOf(content.candidates, plan, wish, vault, this.#before, this.now());
		return new PartWriter(this.keyholder, partsOf(edits));
	}

	/** What was there before; what came in is deleted, since it is not older than this import. */
	#backOf({ edit, row }: Written): KeyEdit {
		const before = edit.kind === 'change' ? this.#before.get(row.item) : undefined;
		if (before === undefined) return { kind: 'drop', base: row };
		return { kind: 'change', base: row, overview: before.row.overview, secret: before.secret };
	}

	#opened(): Opened {
		if (this.#file === undefined) throw givenUp();
		return this.#file;
	}

	#forget(): void {
		this.#file = undefined;
		this.#planned = undefined;
		this.#writer = undefined;
		this.#before = new Map();
	}

	#check(era: number): void {
		if (era !== this.#era) throw givenUp();
	}
}
