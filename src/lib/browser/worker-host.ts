/**
 * {@link Host} by a worker: its calls over a channel, its end noticed, its answers made values or
 * exceptions again.
 */
import { proxy, transfer, wrap, type Remote } from 'comlink';
import type { Id } from '#lib/api/wire.ts';
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import type { BackupStep, Host, ReadPurpose, StartHost } from '#lib/browser/host.ts';
import { valueOf, type Answer } from '#lib/browser/workers/answer.ts';
import { PageErrands } from '#lib/browser/workers/errands.ts';
import type { KeyholderCalls } from '#lib/browser/workers/keyholder-calls.ts';
import type { KeyholderWorker } from '#lib/browser/workers/keyholder.worker.ts';
import { startWorker } from '#lib/browser/workers/start.ts';
import { ViewReader } from '#lib/browser/workers/view-slices.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Settings } from '#lib/items/key.ts';
import type { AccountView, KeyEdit, KeyRef, UnlockStep } from '#lib/keyholder/views.ts';

export const startWorkerHost: StartHost = (onLost) => new WorkerHost(onLost);

class WorkerHost implements Host {
	readonly #worker: Worker;
	readonly #errands: PageErrands;
	readonly #calls: Promise<Remote<KeyholderCalls>>;
	readonly #lost: Promise<never>;
	#lose: (error: FaultError) => void = () => undefined;
	readonly #views = new ViewReader({
		head: () => this.#ask((calls) => calls.view()),
		rows: (...where) => this.#until((calls) => calls.rows(...where))
	});
	#ended = false;

	constructor(private readonly onLost: (fault: Fault) => void) {
		this.#lost = new Promise<never>((_, reject) => {
			this.#lose = reject;
		});
		// It may end while nobody waits for anything.
		this.#lost.catch(() => undefined);
		this.#worker = startWorker('keyholder');
		this.#worker.addEventListener('error', (event) => {
			this.#over({ code: 'message' in event ? 'worker-lost' : 'program' });
		});
		this.#errands = new PageErrands(startWorker, (name, fault) => {
			void this.#calls.then((calls) => calls.errandLost(name, fault));
		});
		this.#calls = this.#start();
		this.#calls.catch(() => undefined);
	}

	prepare(email: string, password: string) {
		return this.#ask((calls) => calls.prepare(email, password));
	}

	register() {
		return this.#ask((calls) => calls.register());
	}

	unlock(email: string, password: string, onStep: (step: UnlockStep) => void) {
		return this.#ask((calls) => calls.unlock(email, password, proxy(onStep)));
	}

	async lock(): Promise<void> {
		await this.#until((calls) => calls.lock());
	}

	async signOut(): Promise<void> {
		await this.#ask((calls) => calls.signOut());
	}

	async view(): Promise<AccountView> {
		return await this.#views.read();
	}

	async refresh(): Promise<AccountView> {
		await this.#ask((calls) => calls.refresh());
		return await this.view();
	}

	read(ref: KeyRef, purpose: ReadPurpose) {
		return this.#ask((calls) => calls.read(ref, purpose));
	}

	save(edits: readonly KeyEdit[]) {
		return this.#ask((calls) => calls.save(edits));
	}

	saveSettings(settings: Settings, base: Settings) {
		return this.#ask((calls) => calls.saveSettings(settings, base));
	}

	proveExport(password: string) {
		return this.#ask((calls) => calls.proveExport(password));
	}

	makeBackup(passphrase: string, onStep: (step: BackupStep) => void) {
		return this.#ask((calls) => calls.makeBackup(passphrase, proxy(onStep)));
	}

	openBackup(file: Bytes, passphrase: string) {
		return this.#ask((calls) => calls.openBackup(transfer(file, [file.buffer]), passphrase));
	}

	restoreBackup(onStep: (step: BackupStep) => void) {
		return this.#ask((calls) => calls.restoreBackup(proxy(onStep)));
	}

	async stopBackup(): Promise<void> {
		this.#errands.end('age');
		await this.#until((calls) => calls.stopBackup());
	}

	fingerprint(vault: Id, value: string) {
		return this.#ask((calls) => calls.fingerprint(vault, value));
	}

	async forgetAccount(email: string): Promise<void> {
		await this.#ask((calls) => calls.forgetAccount(email));
	}

	end(): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#errands.endAll();
		this.#worker.terminate();
		this.#lose(new FaultError({ code: 'worker-lost' }));
	}

	async #start(): Promise<Remote<KeyholderCalls>> {
		const lock = `keyhold-worker-${crypto.randomUUID()}`;
		const worker = wrap<KeyholderWorker>(this.#worker);
		const calls = await worker.start(lock, proxy(this.#errands));
		void navigator.locks.request(lock, () => {
			this.#over({ code: 'worker-lost' });
		});
		return calls;
	}

	/** The worker ended, and not because it was asked to. */
	#over(fault: Fault): void {
		if (this.#ended) return;
		this.end();
		this.onLost(fault);
	}

	async #ask<Value>(
		call: (calls: Remote<KeyholderCalls>) => Promise<Answer<Value>>
	): Promise<Value> {
		return valueOf(await this.#until(call));
	}

	async #until<Value>(call: (calls: Remote<KeyholderCalls>) => Promise<Value>): Promise<Value> {
		const calls = await Promise.race([this.#calls, this.#lost]);
		return await Promise.race([call(calls), this.#lost]);
	}
}
