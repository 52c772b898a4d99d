/**
 * Encrypted backups: made, checked and restored. The values never come to the page: the worker with
 * the keys talks to the one that encrypts. What fails stands in `fault`.
 */
import type { SealTo } from '#lib/backup/age.ts';
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import type { PlainWish } from '#lib/browser/export-host.ts';
import { bytesOf } from '#lib/browser/file-bytes.ts';
import type { BackupStep, Host } from '#lib/browser/host.ts';
import { noteExported } from '#lib/browser/notes.ts';
import type { RestorePreview } from '#lib/browser/restore.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { Stoppable, type Count, type Done } from '#lib/browser/stoppable.svelte.ts';

/**
 * `proving`: the password is proved.   `reading`: values are fetched and opened, `done` of `total`.
 * `encrypting`: the file is made.   `checking`: the file made is opened again and compared.
 * `opening`: a file is decrypted.   `restoring`: keys are sealed and sent, `done` of `total` are in.
 */
type Work = BackupStep['step'] | 'proving' | 'opening' | 'restoring';
export type BackupPhase = 'idle' | Work;

export interface MadeBackup {
	readonly file: Blob;
	/** `keyhold-2026-03-31.age` */
	readonly name: string;
	readonly keys: number;
	/** Names of the keys that do not verify, and are not in it. */
	readonly spoiled: readonly string[];
	/** Of a `.env` file: names of keys that no line says, and variables that stand in it twice. */
	readonly unsayable?: readonly string[];
	readonly repeated?: readonly string[];
}

export type MakeOutcome = 'made' | 'wrong-password' | 'stopped' | 'failed';
export type OpenOutcome = 'opened' | 'wrong-passphrase' | 'stopped' | 'failed';
export type RestoreOutcome = 'restored' | 'nothing' | 'divided' | 'conflict' | 'stopped' | 'failed';

export class Backup {
	readonly #work = new Stoppable<Work>();
	#preview = $state.raw<RestorePreview>();
	#restored = $state.raw<Count>();
	#made = $state.raw<MadeBackup>();

	constructor(private readonly session: Session) {
		session.onLock(() => {
			this.reset();
		});
	}

	get phase(): BackupPhase {
		return this.#work.phase;
	}
	/** Keys read, or written, of all; only while `reading` or `restoring`. */
	get progress(): Count | undefined {
		return this.#work.progress;
	}
	/** The backup that was opened last, and what restoring it would do. */
	get preview(): RestorePreview | undefined {
		return this.#preview;
	}
	/** How far a restore came that was interrupted. */
	get restored(): Count | undefined {
		return this.#restored;
	}
	get made(): MadeBackup | undefined {
		return this.#made;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}

	/** Makes a backup of everything, after a proof of the password. The file is in `made`. */
	async make(password: string, to: SealTo, fileName: string): Promise<MakeOutcome> {
		const made = await this.#proved(password, (host, onStep) => host.makeBackup(to, onStep));
		if (made.outcome !== 'done') return made.outcome;
		const { keys, spoiled } = made.value;
		const file = new Blob([made.value.file], { type: 'application/octet-stream' });
		this.#made = { file, name: fileName, keys, spoiled };
		noteExported(this.session, 'age', keys);
		return 'made';
	}

	/** Makes a file of keys that is not encrypted, after a proof of the password. It is in `made`. */
	async exportPlain(password: string, wish: PlainWish, fileName: string): Promise<MakeOutcome> {
		const made = await this.#proved(password, (host, onStep) => host.exportPlain(wish, onStep));
		if (made.outcome !== 'done') return made.outcome;
		const { file, keys, ...lacking } = made.value;
		const type = wish.form === 'json' ? 'application/json' : 'text/plain';
		this.#made = { file: new Blob([file], { type }), name: fileName, keys, ...lacking };
		noteExported(this.session, wish.form, keys);
		return 'made';
	}

	/** Opens a file and works out what restoring it would do; that is in `preview`. */
	async open(file: Blob, passphrase: string): Promise<OpenOutcome> {
		this.#preview = undefined;
		this.#restored = undefined;
		const answer = await this.#run('opening', async () => {
			const bytes = await bytesOf(file, 'file-too-large');
			return await this.session.call((host) => host.openBackup(bytes, passphrase));
		});
		if (answer.outcome !== 'done') return answer.outcome;
		if (answer.value.outcome === 'wrong-passphrase') return 'wrong-passphrase';
		this.#preview = answer.value.preview;
		return 'opened';
	}

	/**
	 * Writes what `preview` announces. After a fault or a conflict `restored` says how far it came, and
	 * it goes on from there when it is asked for again.
	 */
	async restore(): Promise<RestoreOutcome> {
		const { preview } = this;
		if (preview === undefined) return 'nothing';
		if (preview.counts.new + preview.counts.beside === 0) return 'nothing';
		this.#restored = undefined;
		let count: Count | undefined;
		const answer = await this.#run('restoring', async (mine) => {
			if (this.session.broken) throw new FaultError(this.session.fault ?? { code: 'integrity' });
			try {
				return await this.session.call((host) =>
					host.restoreBackup((step) => {
						if (!mine() || step.step !== 'restoring') return;
						this.#stepped(step);
						count = { done: step.done, total: step.total };
					})
				);
			} finally {
				// Parts may be in, whatever became of the rest.
				await this.session.look().catch(() => undefined);
			}
		});
		if (answer.outcome === 'done' && answer.value.outcome === 'restored') {
			this.#preview = undefined;
			return 'restored';
		}
		if (answer.outcome !== 'stopped' && (count?.done ?? 0) > 0) this.#restored = count;
		if (answer.outcome !== 'done') return answer.outcome;
		if (answer.value.outcome === 'divided') this.#preview = answer.value.preview;
		return answer.value.outcome;
	}

	/** Gives up what is under way. A restore that was sent already may still arrive. */
	stop(): void {
		if (this.phase === 'idle') return;
		this.#work.drop();
		void this.session.call((host) => host.stopBackup()).catch(() => undefined);
	}

	/** Forgets file, preview and fault: for leaving the screen. */
	reset(): void {
		this.stop();
		this.#preview = undefined;
		this.#restored = undefined;
		this.#made = undefined;
		this.#work.fail(undefined);
	}

	async #proved<Value>(
		password: string,
		ask: (host: Host, onStep: (step: BackupStep) => void) => Promise<Value>
	): Promise<Done<Value> | { readonly outcome: 'wrong-password' }> {
		const answer = await this.#run('proving', async (mine) => {
			const proved = await this.session.call((host) => host.prove(password));
			if (proved.outcome === 'wrong-password') return undefined;
			const value = await this.session.call((host) =>
				ask(host, (step) => {
					if (mine()) this.#stepped(step);
				})
			);
			return { value };
		});
		if (answer.outcome !== 'done') return answer;
		if (answer.value === undefined) return { outcome: 'wrong-password' };
		return { outcome: 'done', value: answer.value.value };
	}

	async #run<Value>(
		phase: Work,
		action: (mine: () => boolean) => Promise<Value>
	): Promise<Done<Value>> {
		this.#made = undefined;
		return await this.#work.run(phase, action);
	}

	#stepped(step: BackupStep): void {
		const progress = 'total' in step ? { done: step.done, total: step.total } : undefined;
		this.#work.stepped(step.step, progress);
	}
}
