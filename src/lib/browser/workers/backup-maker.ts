/**
 * Backups, in the worker with the keys: here alone the values are in the clear. The file is
 * encrypted and decrypted by a worker of its own.
 */
import { readContent, keyCount, writeContent } from '#lib/backup/content.ts';
import type { Decrypted, SealTo } from '#lib/backup/age.ts';
import { FaultError } from '#lib/browser/fault.ts';
import type { PlainFile, PlainWish } from '#lib/browser/export-host.ts';
import type { BackupFile, BackupStep, OpenedBackup, RestoreResult } from '#lib/browser/host.ts';
import { backupKindOf } from '#lib/browser/import-source.ts';
import { isSameName } from '#lib/browser/vault-names.ts';
import { planRestore, type RestorePlan, type RestorePreview } from '#lib/browser/restore.ts';
import { givenUp } from '#lib/browser/workers/fault-in.ts';
import { PartWriter } from '#lib/browser/workers/part-writer.ts';
import { equal, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { writeEnv } from '#lib/items/env-file.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';

/** With what JSON begins: if it is no export, that is what is wrong with it. */
const BRACE = 0x7b;

/** The worker that knows age. */
export interface AgePort {
	encrypt(plain: Bytes, to: SealTo): Promise<Bytes>;
	decrypt(file: Bytes, secret: string): Promise<Decrypted>;
}

/** What is asked of the keyholder. */
export type BackupSource = Pick<
	Keyholder,
	'readAll' | 'view' | 'fingerprint' | 'save' | 'refresh'
> & {
	readonly vaults: { make: Keyholder['vaults']['make'] };
};

/** What was opened. `writer`: once the vaults are there that its keys go into. */
interface Restoring {
	readonly plan: RestorePlan;
	readonly preview: RestorePreview;
	readonly writer?: PartWriter;
}

export class BackupMaker {
	#restoring: Restoring | undefined;
	/** Raised by every stop: work of an older one ends at its next step. */
	#era = 0;

	constructor(
		private readonly keyholder: BackupSource,
		private readonly age: AgePort,
		private readonly now: () => number
	) {}

	/**
	 * Reads every key, encrypts, opens the file again and compares: a backup that does not open is
	 * found now, not when it is needed. One for recipients can be opened by them alone. A key that does
	 * not verify is left out, and named.
	 */
	async make(to: SealTo, onStep: (step: BackupStep) => void): Promise<BackupFile> {
		const era = this.#era;
		const step = this.#stepping(onStep);
		const { vaults, spoiled } = await this.#readAll(step);
		step({ step: 'encrypting' });
		const plain = writeContent({ v: 1, madeAt: this.now(), vaults });
		const file = await this.age.encrypt(plain, to);
		step({ step: 'checking' });
		if ('passphrase' in to) {
			const opened = await this.age.decrypt(file, to.passphrase);
			this.#check(era);
			if (opened.outcome !== 'decrypted' || !equal(opened.plain, plain)) {
				throw new FaultError({ code: 'damaged' });
			}
			opened.plain.fill(0);
		}
		plain.fill(0);
		return { file, keys: keyCount({ vaults }), spoiled };
	}

	/** Reads the keys that are wanted and writes them as they are, not encrypted. */
	async exportPlain(
		{ form, items }: PlainWish,
		onStep: (step: BackupStep) => void
	): Promise<PlainFile> {
		const step = this.#stepping(onStep);
		const { vaults, spoiled } = await this.#readAll(step, new Set(items));
		const keys = keyCount({ vaults });
		if (form === 'json') {
			const file = writeContent({ v: 1, madeAt: this.now(), vaults });
			return { file, keys, spoiled, unsayable: [], repeated: [] };
		}
		const { text, unsayable, repeated } = writeEnv(vaults.flatMap((vault) => vault.keys));
		return { file: utf8(text), keys: keys - unsayable.length, spoiled, unsayable, repeated };
	}

	/** Opens a file, refuses what is not a backup, and plans what restoring it would write. */
	async open(file: Bytes, secret: string): Promise<OpenedBackup> {
		this.#restoring = undefined;
		const era = this.#era;
		const opened = await this.#decrypt(file, secret);
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
		const { preview } = plan;
		this.#restoring = { plan, preview };
		return { outcome: 'opened', preview };
	}

	/** Writes what was opened, or what is left of it. */
	async restore(onStep: (step: BackupStep) => void): Promise<RestoreResult> {
		if (this.#restoring === undefined) throw givenUp();
		const { plan, preview } = this.#restoring;
		const era = this.#era;
		let { writer } = this.#restoring;
		// Nothing is waited for where nothing is to be made.
		if (plan.missing.length === 0) writer ??= new PartWriter(this.keyholder, plan.parts);
		else writer ??= await this.#begin(plan, era);
		if (writer === undefined) return { outcome: 'conflict' };
		this.#restoring = { plan, preview, writer };
		const outcome = await writer.write((done, total, sealed) => {
			this.#check(era);
			if (sealed === 0) onStep({ step: 'restoring', done, total });
		});
		if (outcome === 'divided') {
			const divided = { ...preview, commits: writer.commits };
			this.#restoring = { plan, preview: divided, writer };
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

	/** Makes the vaults that are missing. Undefined after lost races: what is made stays, and is found. */
	async #begin({ parts, missing }: RestorePlan, era: number): Promise<PartWriter | undefined> {
		new PartWriter(this.keyholder, parts).checkRoom();
		const made = new Map<string, string>();
		for (const { id, name } of missing) {
			// One whose answer was lost is there.
			const { vaults } = await this.keyholder.refresh();
			this.#check(era);
			const there = vaults.find((vault) => isSameName(vault.name, name));
			const answer = there
				? { outcome: 'made' as const, vault: there.id }
				: await this.keyholder.vaults.make(name);
			this.#check(era);
			if (answer.outcome === 'conflict') return undefined;
			made.set(id, answer.vault);
		}
		const placed = parts.map((part) =>
			part.map((edit) => ({ ...edit, vault: made.get(edit.vault) ?? edit.vault }))
		);
		return new PartWriter(this.keyholder, placed);
	}

	/** A plain export is read as it is. */
	async #decrypt(file: Bytes, secret: string): Promise<Decrypted> {
		if (file[0] === BRACE || backupKindOf(file) === 'plain')
			return { outcome: 'decrypted', plain: file };
		return await this.age.decrypt(file, secret);
	}

	/** Hands on steps until a stop: then the work ends at the next one. */
	#stepping(onStep: (step: BackupStep) => void): (step: BackupStep) => void {
		const era = this.#era;
		return (next) => {
			this.#check(era);
			onStep(next);
		};
	}

	async #readAll(step: (step: BackupStep) => void, wanted?: ReadonlySet<string>) {
		const spoiled: string[] = [];
		const vaults = await this.keyholder.readAll(
			(done: number, total: number) => {
				step({ step: 'reading', done, total });
			},
			({ overview }) => {
				spoiled.push(overview.name);
			},
			wanted
		);
		return { vaults, spoiled };
	}

	#check(era: number): void {
		if (era !== this.#era) throw givenUp();
	}
}
