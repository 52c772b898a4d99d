/**
 * What the page may ask of the worker with the keys about files: backups and imports. Every call
 * answers with a value or a fault.
 *
 * Values come in from a file and go out into one that is encrypted; neither way do they pass through
 * the page. What {@link FileCalls.exportPlain} gives is not encrypted: it is for the person to keep.
 */
import { transfer, type Remote } from 'comlink';
import type { BackupStep } from '#lib/browser/host.ts';
import type { PlainWish } from '#lib/browser/export-host.ts';
import type { ImportStep } from '#lib/browser/import-host.ts';
import type { ImportWish } from '#lib/browser/import-plan.ts';
import type { SealTo } from '#lib/backup/age.ts';
import { AccountCalls } from '#lib/browser/workers/account-calls.ts';
import type { AgeCalls } from '#lib/browser/workers/age.worker.ts';
import { answer } from '#lib/browser/workers/answer.ts';
import type { BackupMaker } from '#lib/browser/workers/backup-maker.ts';
import type { ErrandRunner } from '#lib/browser/workers/errand-runner.ts';
import { faultIn } from '#lib/browser/workers/fault-in.ts';
import type { ImportCalls } from '#lib/browser/workers/import.worker.ts';
import type { Importer } from '#lib/browser/workers/importer.ts';
import { Loaded } from '#lib/browser/workers/loaded.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { ReadChoice, ReadFile } from '#lib/import/read-file.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';

export class FileCalls extends AccountCalls {
	readonly #errands: ErrandRunner;
	readonly #backup: Loaded<BackupMaker>;
	readonly #importer: Loaded<Importer>;

	constructor(keyholder: Keyholder, errands: ErrandRunner) {
		super(keyholder);
		this.#errands = errands;
		const now = () => Date.now();
		this.#backup = new Loaded(async () => {
			const { BackupMaker } = await import('#lib/browser/workers/backup-maker.ts');
			return new BackupMaker(
				keyholder,
				{
					encrypt: (plain, to) =>
						errands.run<AgeCalls, Bytes>('age', (age) => age.encrypt(plain, to)),
					decrypt: (file, secret) =>
						errands.run('age', (age: Remote<AgeCalls>) => age.decrypt(file, secret))
				},
				now
			);
		});
		this.#importer = new Loaded(async () => {
			const { Importer } = await import('#lib/browser/workers/importer.ts');
			const read = (file: Bytes, choice: ReadChoice) =>
				errands.run<ImportCalls, ReadFile>('import', (reader) =>
					reader.read(transfer(file, [file.buffer]), choice)
				);
			return new Importer(keyholder, { read }, now);
		});
	}

	async makeBackup(to: SealTo, onStep: (step: BackupStep) => void) {
		const made = await answer(async () => (await this.#backup.get()).make(to, onStep), faultIn);
		return transfer(made, 'value' in made ? [made.value.file.buffer] : []);
	}

	async exportPlain(wish: PlainWish, onStep: (step: BackupStep) => void) {
		const made = await answer(
			async () => (await this.#backup.get()).exportPlain(wish, onStep),
			faultIn
		);
		return transfer(made, 'value' in made ? [made.value.file.buffer] : []);
	}

	openBackup(file: Bytes, secret: string) {
		return answer(async () => (await this.#backup.get()).open(file, secret), faultIn);
	}

	restoreBackup(onStep: (step: BackupStep) => void) {
		return answer(async () => (await this.#backup.get()).restore(onStep), faultIn);
	}

	stopBackup(): void {
		this.#backup.stop();
		this.#errands.lose('age', { code: 'locked' });
	}

	readImport(file: Bytes, choice: ReadChoice, vault: string) {
		return answer(async () => (await this.#importer.get()).read(file, choice, vault), faultIn);
	}

	planImport(vault: string) {
		return answer(async () => (await this.#importer.get()).plan(vault), faultIn);
	}

	writeImport(wish: ImportWish, onStep: (step: ImportStep) => void) {
		return answer(async () => (await this.#importer.get()).write(wish, onStep), faultIn);
	}

	undoImport() {
		return answer(async () => (await this.#importer.get()).undo(), faultIn);
	}

	stopImport(forget: boolean): void {
		this.#importer.stop(forget);
		this.#errands.lose('import', { code: 'locked' });
	}

	/** Whatever of a file was opened is given up: for a lock. */
	protected forgetFiles(): void {
		this.#backup.stop();
		this.#importer.stop();
	}
}
