/**
 * An import as the screen works with it: a file is read, what it would change is shown, and what is
 * chosen is written in one commit and can be taken back. What fails stands in `fault`.
 */
import { SvelteSet } from 'svelte/reactivity';
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import { bytesOf } from '#lib/browser/file-bytes.ts';
import type { ImportPreview, ImportStep } from '#lib/browser/import-host.ts';
import { choicesAfter, rowsOf } from '#lib/browser/import-rows.ts';
import type { BulkKind, ImportChoice, ImportRow, Place, RowsAt } from '#lib/browser/import-rows.ts';
import { countsOf, type ImportCounts } from '#lib/browser/import-counts.ts';
import { backupKindOf, type ImportSource } from '#lib/browser/import-source.ts';
import { noteImported } from '#lib/browser/notes.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { Stoppable } from '#lib/browser/stoppable.svelte.ts';
import type { ReadChoice } from '#lib/import/read-file.ts';

/**
 * `reading`: the file is read, or compared with another vault.   `opening`: keys that are replaced are
 * opened, `done` of `total`.   `sealing`: keys are sealed.   `sending`: the one request is under way.
 * `undoing`: it is taken back.
 */
type Work = 'reading' | 'opening' | 'sealing' | 'sending' | 'undoing';
export type ImportPhase = 'idle' | Work;

export type ReadOutcome =
	'read' | 'backup' | 'needs-password' | 'wrong-password' | 'stopped' | 'failed';
export type WriteOutcome = 'written' | 'divided' | 'conflict' | 'stopped' | 'failed';

/** A preview, with what each row meets in the place that is said. */
interface ShownPreview extends ImportPreview {
	readonly rows: readonly ImportRow[];
}

const NOWHERE: Place = { project: '', environment: '' };

export class Importing {
	readonly #work = new Stoppable<Work>();
	#source = $state.raw<ImportSource>();
	#choice = $state.raw<ReadChoice>({});
	#found = $state.raw<ImportPreview>();
	#place = $state.raw(NOWHERE);
	#needsPassword = $state.raw(false);
	#written = $state.raw<ImportCounts>();
	#partly = $state.raw(0);
	#left = $state.raw(0);
	#commits = $state.raw(1);
	#vault = $state.raw('');
	/** What is to be done with each row of the preview. */
	choices = $state<ImportChoice[]>([]);
	/** Rows of which the person has said so, be it what was proposed. */
	readonly #chosen = new SvelteSet<number>();

	readonly #rowsAt: RowsAt = $derived(rowsOf(this.#found?.rows ?? [], this.#found?.here ?? []));
	readonly preview: ShownPreview | undefined = $derived(
		this.#found && { ...this.#found, rows: this.#rowsAt(this.#place) }
	);
	readonly counts: ImportCounts = $derived(countsOf(this.preview?.rows ?? [], this.choices));

	constructor(private readonly session: Session) {
		session.onLock(() => {
			this.reset();
		});
	}

	get phase(): ImportPhase {
		return this.#work.phase;
	}
	get source(): ImportSource | undefined {
		return this.#source;
	}
	get choice(): ReadChoice {
		return this.#choice;
	}
	/** Said of keys that say nothing of it themselves; what they meet here follows it. */
	get project(): string {
		return this.#place.project;
	}
	set project(project: string) {
		this.#move({ ...this.#place, project });
	}
	get environment(): string {
		return this.#place.environment;
	}
	set environment(environment: string) {
		this.#move({ ...this.#place, environment });
	}
	/** Whether the file is encrypted, and waits for its password. */
	get needsPassword(): boolean {
		return this.#needsPassword;
	}
	/** The vault that it goes into. */
	get vault(): string {
		return this.#vault;
	}
	/** Keys that are sealed, of all. */
	get progress() {
		return this.#work.progress;
	}
	/** What an import that is done did. */
	get written(): ImportCounts | undefined {
		return this.#written;
	}
	/** Whether keys are being written or taken back, or some of a file are in: it is finished first. */
	get held(): boolean {
		return this.#partly > 0 || (this.phase !== 'idle' && this.phase !== 'reading');
	}
	/** Keys that are in, of an import that was interrupted. */
	get partly(): number {
		return this.#partly;
	}
	/** Keys that Undo left as they are, because another device has changed or deleted them since. */
	get left(): number {
		return this.#left;
	}
	/** Into how many commits it is divided; more than one only where one does not hold it. */
	get commits(): number {
		return this.#commits;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}

	/**
	 * Reads a file, or the one before in another way. `backup`: it is one of Keyhold's own, which is
	 * restored and not imported.
	 */
	async read(source: ImportSource, choice: ReadChoice, vault: string): Promise<ReadOutcome> {
		if (this.held) return 'stopped';
		this.#start(source, choice);
		this.#vault = vault;
		const answer = await this.#work.run('reading', async () => {
			const bytes = await bytesOf(source.blob, 'import-too-large');
			if (backupKindOf(bytes) !== undefined) return 'backup';
			return await this.session.call((host) => host.readImport(bytes, choice, vault));
		});
		if (answer.outcome === 'failed') this.#found = undefined;
		if (answer.outcome !== 'done') return answer.outcome;
		if (answer.value === 'backup') return 'backup';
		if (answer.value.outcome !== 'read') {
			this.#found = undefined;
			this.#needsPassword = true;
			return answer.value.outcome;
		}
		this.#needsPassword = false;
		this.#show(answer.value.preview);
		return 'read';
	}

	/** Compares the file with another vault. */
	async into(vault: string): Promise<void> {
		if (this.held) return;
		this.#vault = vault;
		const answer = await this.#work.run('reading', () =>
			this.session.call((host) => host.planImport(vault))
		);
		if (answer.outcome === 'done') this.#show(answer.value);
	}

	/** Chooses for one row: that holds, whatever project and environment are said after it. */
	choose(index: number, choice: ImportChoice): void {
		this.#chosen.add(index);
		this.choices[index] = choice;
	}

	/** Chooses for every row that may be treated so. */
	chooseAll(kind: BulkKind, choice: ImportChoice): void {
		this.choices = (this.preview?.rows ?? []).map((row, index) => {
			const before = this.choices[index] ?? row.choice;
			if (row.kind !== kind) return before;
			if (choice === 'replace' && row.item === undefined) return before;
			this.#chosen.add(index);
			return choice;
		});
	}

	/** Writes what was chosen; what is left of it, after it was interrupted. */
	async write(): Promise<WriteOutcome> {
		const { choices, project, environment } = this;
		const answer = await this.#work.run('sealing', async (mine) => {
			if (this.session.broken) throw new FaultError(this.session.fault ?? { code: 'integrity' });
			try {
				const wish = { choices: $state.snapshot(choices), project, environment };
				return await this.session.call((host) =>
					host.writeImport(wish, (step) => {
						if (mine()) this.#stepped(step);
					})
				);
			} finally {
				// A part may be in, whatever became of the rest.
				await this.session.look().catch(() => undefined);
			}
		});
		if (answer.outcome !== 'done') return answer.outcome;
		const { outcome, done, commits, fault, unfit } = answer.value;
		this.#leaveOut(unfit);
		this.#work.fail(fault);
		this.#commits = commits;
		this.#partly = outcome === 'written' ? 0 : done;
		if (outcome === 'written') {
			this.#written = this.counts;
			noteImported(this.session, this.#vault, done, this.counts.replaced > 0);
		}
		return outcome;
	}

	/** Takes back what is in. */
	async undo(): Promise<'undone' | 'conflict' | 'stopped' | 'failed'> {
		const answer = await this.#work.run('undoing', async () => {
			try {
				return await this.session.call((host) => host.undoImport());
			} finally {
				await this.session.look().catch(() => undefined);
			}
		});
		if (answer.outcome !== 'done') return answer.outcome;
		this.#left = answer.value.left;
		if (answer.value.outcome === 'undone') this.#clear();
		return answer.value.outcome;
	}

	/** Gives up reading or sealing. The file stays chosen; who writes learns how much is in by then. */
	stop(): void {
		if (this.phase === 'idle' || this.phase === 'undoing') return;
		if (this.phase === 'reading') this.#work.drop();
		void this.session.call((host) => host.stopImport(false)).catch(() => undefined);
	}

	/** For leaving the screen: what is under way goes on, and what is done can be undone later. */
	leave(): void {
		if (!this.held && this.#written === undefined) this.reset();
	}

	/** Forgets file, preview, what was said of it, and fault. */
	reset(): void {
		this.#work.drop();
		if (this.#source !== undefined) {
			void this.session.call((host) => host.stopImport(true)).catch(() => undefined);
		}
		this.#clear();
		this.#vault = '';
		this.#place = NOWHERE;
		this.#work.fail(undefined);
	}

	/** What is on screen stays there while the same file is read in another way. */
	#start(source: ImportSource, choice: ReadChoice): void {
		if (source !== this.#source) this.#clear();
		this.#source = source;
		// The password goes to the worker, and is not kept.
		const { format, columns } = choice;
		this.#choice = {
			...(format === undefined ? {} : { format }),
			...(columns === undefined ? {} : { columns })
		};
	}

	/** Rows that no key can hold are among what is not taken from now on. */
	#leaveOut(unfit: readonly number[]): void {
		const rows = this.preview?.rows ?? [];
		const refused = unfit.flatMap((index) => {
			const row = this.choices[index] === 'skip' ? undefined : rows[index];
			this.choices[index] = 'skip';
			return row === undefined
				? []
				: [{ line: row.line, what: row.name, why: 'too-long' as const }];
		});
		if (this.#found === undefined || refused.length === 0) return;
		this.#found = { ...this.#found, refused: [...this.#found.refused, ...refused] };
	}

	#show(found: ImportPreview): void {
		this.#found = found;
		this.#chosen.clear();
		this.#commits = 1;
		this.choices = (this.preview?.rows ?? []).map(({ choice }) => choice);
	}

	#move(place: Place): void {
		const before = this.preview?.rows ?? [];
		this.#place = place;
		this.choices = choicesAfter(before, this.preview?.rows ?? [], this.choices, this.#chosen);
	}

	#clear(): void {
		this.#source = undefined;
		this.#found = undefined;
		this.#needsPassword = false;
		this.#written = undefined;
		this.#partly = 0;
		this.choices = [];
	}

	/** While it is sent the last count stays. */
	#stepped(step: ImportStep): void {
		const progress =
			step.step === 'sending' ? this.progress : { done: step.done, total: step.total };
		this.#work.stepped(step.step, progress);
	}
}
