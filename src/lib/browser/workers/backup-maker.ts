/**
 * Backups, in the worker with the keys: here alone the values are in the clear. The file is
 * encrypted and decrypted by a worker of its own.
 */
import { readContent, keyCount, writeContent } from '#lib/backup/content.ts';
import type { Decrypted } from '#lib/backup/age.ts';
import { FaultError } from '#lib/browser/fault.ts';
import type { BackupFile, BackupStep, OpenedBackup, RestoreResult } from '#lib/browser/host.ts';
import { planRestore, type RestorePreview } from '#lib/browser/restore.ts';
import { givenUp } from '#lib/browser/workers/fault-in.ts';
import { PartWriter } from '#lib/browser/workers/part-writer.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';

/** The worker that knows age. */
export interface AgePort {
	encrypt(plain: Bytes, passphrase: string): Promise<Bytes>;
	decrypt(file: Bytes, passphrase: string): Promise<Decrypted>;
}

/** What is asked of the keyholder. */
export type BackupSource = Pick<Keyholder, 'readAll' | 'view' | 'fingerprint' | 'save'>;

export class BackupMaker {
	#restoring: { readonly writer: PartWriter; readonly preview: RestorePreview } | undefined;
	/** Raised by every stop: work of an older one ends at its next step. */
	#era = 0;

	constructor(
		private readonly keyholder: BackupSource,
		private readonly age: AgePort,
		private readonly now: () => number
	) {}

	/**
	 * Reads every key, encrypts, opens the file again and compares: a backup that does not open is
	 * found now, not when it is needed. A key that does not verify is left out, and named.
	 */
	async make(passphrase: string, onStep: (step: BackupStep) => void): Promise<BackupFile> {
		const era = this.#era;
		const step = (next: BackupStep) => {
			this.#check(era);
			onStep(next);
		};
		const spoiled: string[] = [];
		const vaults = await this.keyholder.readAll(
			(done: number, total: number) => {
				step({ step: 'reading', done, total });
			},
			({ overview }) => {
				spoiled.push(overview.name);
			}
		);
		step({ step: 'encrypting' });
		const plain = writeContent({ v: 1, madeAt: this.now(), vaults });
		const file = await this.age.encrypt(plain, passphrase);
		step({ step: 'checking' });
		const opened = await this.age.decrypt(file, passphrase);
		this.#check(era);
		if (opened.outcome !== 'decrypted' || !equal(opened.plain, plain)) {
			throw new FaultError({ code: 'damaged' });
		}
		opened.plain.fill(0);
		plain.fill(0);
		return { file, keys: keyCount({ vaults }), spoiled };
	}

	/** Opens a file, refuses what is not a backup, and plans what restoring it would write. */
	async open(file: Bytes, passphrase: string): Promise<OpenedBackup> {
		this.#restoring = undefined;
		const era = this.#era;
		const opened = await this.age.decrypt(file, passphrase);
		this.#check(era);
		if (opened.outcome === 'wrong-passphrase') return opened;
		const content = readContent(opened.plain);
		opened.plain.fill(0);
		const [first, ...others] = this.keyholder.view().vaults;
		if (first === undefined) throw new FaultError({ code: 'gone' });
		const plan = await planRestore(content, [first, ...others], (vault, value) =>
			this.keyholder.fingerprint(vault, value)
		);
		this.#check(era);
		const { preview, parts } = plan;
		this.#restoring = { writer: new PartWriter(this.keyholder, parts), preview };
		return { outcome: 'opened', preview };
	}

	/** Writes what was opened, or what is left of it. */
	async restore(onStep: (step: BackupStep) => void): Promise<RestoreResult> {
		if (this.#restoring === undefined) throw givenUp();
		const { writer, preview } = this.#restoring;
		const era = this.#era;
		const outcome = await writer.write((done, total, sealed) => {
			this.#check(era);
			if (sealed === 0) onStep({ step: 'restoring', done, total });
		});
		if (outcome === 'divided') {
			const divided = { ...preview, commits: writer.commits };
			this.#restoring = { writer, preview: divided };
			return { outcome, preview: divided };
		}
		if (outcome === 'conflict') return { outcome };
		this.#restoring = undefined;
		return { outcome: 'restored' };
	}

	/** Gives up, and forgets what was opened. */
	stop(): void {
		this.#era++;
		this.#restoring = undefined;
	}

	#check(era: number): void {
		if (era !== this.#era) throw givenUp();
	}
}
