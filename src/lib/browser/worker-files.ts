/** The part of {@link Host} that is about files, by a worker. */
import { proxy, transfer } from 'comlink';
import type { Id } from '#lib/api/wire.ts';
import type { SealTo } from '#lib/backup/age.ts';
import type { ExportHost, PlainWish } from '#lib/browser/export-host.ts';
import type { BackupStep, Host } from '#lib/browser/host.ts';
import type { ImportHost, ImportStep } from '#lib/browser/import-host.ts';
import type { ImportWish } from '#lib/browser/import-plan.ts';
import type { WorkerChannel } from '#lib/browser/worker-channel.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { ReadChoice } from '#lib/import/read-file.ts';

type Backups = Pick<Host, 'makeBackup' | 'openBackup' | 'restoreBackup' | 'stopBackup'>;

export class WorkerFiles implements ExportHost, ImportHost, Backups {
	readonly #channel: WorkerChannel;

	constructor(channel: WorkerChannel) {
		this.#channel = channel;
	}

	makeBackup(to: SealTo, onStep: (step: BackupStep) => void) {
		return this.#channel.ask((calls) => calls.makeBackup(to, proxy(onStep)));
	}

	exportPlain(wish: PlainWish, onStep: (step: BackupStep) => void) {
		return this.#channel.ask((calls) => calls.exportPlain(wish, proxy(onStep)));
	}

	openBackup(file: Bytes, secret: string) {
		return this.#channel.ask((calls) => calls.openBackup(handedOver(file), secret));
	}

	restoreBackup(onStep: (step: BackupStep) => void) {
		return this.#channel.ask((calls) => calls.restoreBackup(proxy(onStep)));
	}

	async stopBackup(): Promise<void> {
		this.#channel.errands.end('age');
		await this.#channel.until((calls) => calls.stopBackup());
	}

	readImport(file: Bytes, choice: ReadChoice, vault: Id) {
		return this.#channel.ask((calls) => calls.readImport(handedOver(file), choice, vault));
	}

	planImport(vault: Id) {
		return this.#channel.ask((calls) => calls.planImport(vault));
	}

	writeImport(wish: ImportWish, onStep: (step: ImportStep) => void) {
		return this.#channel.ask((calls) => calls.writeImport(wish, proxy(onStep)));
	}

	undoImport() {
		return this.#channel.ask((calls) => calls.undoImport());
	}

	async stopImport(forget: boolean): Promise<void> {
		this.#channel.errands.end('import');
		await this.#channel.until((calls) => calls.stopImport(forget));
	}
}

function handedOver(file: Bytes): Bytes {
	return transfer(file, [file.buffer]);
}
