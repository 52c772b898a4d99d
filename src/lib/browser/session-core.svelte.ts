/**
 * What every session has, however its account was opened: the worker with the keys, the phase, the
 * fault, the locks. The ways in are in `session.svelte.ts`.
 */
import { FaultError, faultOf, isBreaking, type Fault } from '#lib/browser/fault.ts';
import { FirstSight } from '#lib/browser/first-sight.svelte.ts';
import type { Host } from '#lib/browser/host.ts';
import { Listeners } from '#lib/browser/listeners.ts';
import { UnlockProgress, type Progress } from '#lib/browser/progress.svelte.ts';
import type { Attempt, Kept, LockReason, Phase } from '#lib/browser/session-phase.ts';
import type { SessionPorts } from '#lib/browser/session-ports.ts';
import type { AccountView, KeyRow, UnlockStep } from '#lib/keyholder/views.ts';

type OnStep = (step: UnlockStep) => void;

/** A worker that does not answer "lock" in this time is ended all the same. */
const LOCK_MS = 1_000;

export abstract class SessionCore {
	#phase = $state.raw<Phase>('starting');
	#view = $state.raw<AccountView>();
	#email = $state.raw('');
	#kept = $state.raw<Kept>();
	#fault = $state.raw<Fault>();
	#lockReason = $state.raw<LockReason>();
	#host: Host | undefined;
	/** Raised by every lock, stop and loss: an answer to something older is dropped. */
	#era = 0;
	readonly #progress: UnlockProgress;
	readonly #locked = new Listeners();
	readonly #unlocked = new Listeners();
	/** Whether the open account was compared with anything. */
	readonly firstSight: FirstSight;

	constructor(protected readonly ports: SessionPorts) {
		this.#progress = new UnlockProgress(ports.clock, ports.memory);
		this.firstSight = new FirstSight(ports.memory);
		this.#email = ports.memory.email();
		if (ports.lends === undefined) this.#phase = 'locked';
	}

	get phase(): Phase {
		return this.#phase;
	}
	/** All that was verified; absent while locked. */
	get view(): AccountView | undefined {
		return this.#view;
	}
	/** The keys of every vault; none while locked. */
	get rows(): readonly KeyRow[] {
		return this.#view?.vaults.flatMap(({ keys }) => keys) ?? [];
	}
	/** The email used last on this device, as it was typed; else empty. */
	get email(): string {
		return this.#email;
	}
	get progress(): Progress {
		return this.#progress.shown;
	}
	get fault(): Fault | undefined {
		return this.#fault;
	}
	get lockReason(): LockReason | undefined {
		return this.#lockReason;
	}
	/** Whether an account is made and waits for its kit to be confirmed, or for its mail; ends with a lock. */
	get prepared(): boolean {
		return this.#kept === 'account';
	}
	/** Whether a sign-in waits for a code of the second factor. */
	get waitsForCode(): boolean {
		return this.#kept === 'code';
	}
	/** Whether what the server sent does not verify: nothing is written until that is settled. */
	get broken(): boolean {
		return this.#fault !== undefined && isBreaking(this.#fault);
	}

	/** Starts the worker ahead of its first use, so that unlocking need not wait for it. */
	warm(): void {
		this.#host ??= this.#start();
	}

	/** Gives up what is under way by ending the worker that does it. */
	stop(): void {
		if (this.#phase === 'unlocked' || this.#phase === 'held' || this.idle) return;
		this.#era++;
		this.#host?.end();
		this.#host = undefined;
		this.#kept = undefined;
		this.#phase = 'locked';
		this.#progress.stop();
	}

	/** Locks, and ends the session at the server; without the server it says that it could not. */
	async signOut(): Promise<void> {
		const host = this.#forget('signed-out') ?? this.#start();
		this.ports.tellLocked?.('signed-out');
		try {
			await host.signOut();
		} catch (error) {
			this.#fault = faultOf(error);
		} finally {
			host.end();
		}
	}

	forgetEmail(): void {
		this.ports.memory.forgetEmail();
		this.#email = '';
	}

	/**
	 * Removes the pin of this email from this device, so that another account may answer to it.
	 * For the person only who knows why: the server was set up anew, or the account deleted.
	 */
	async forgetAccount(email: string): Promise<void> {
		try {
			await (this.#host ??= this.#start()).forgetAccount(email);
			this.#fault = undefined;
		} catch (error) {
			this.#fault = faultOf(error);
		}
	}

	dismissFault(): void {
		this.#fault = undefined;
	}

	/** Runs `action` at every lock; the function returned takes it off. */
	onLock(action: () => void): () => void {
		return this.#locked.add(action);
	}

	/** Runs `action` at every unlock; the function returned takes it off. */
	onUnlock(action: () => void): () => void {
		return this.#unlocked.add(action);
	}

	/**
	 * For state classes: one call of an unlocked account.
	 *
	 * @throws {FaultError} `locked` if it is or was locked meanwhile
	 */
	async call<Value>(action: (host: Host) => Promise<Value>): Promise<Value> {
		return await this.#call('unlocked', action);
	}

	/**
	 * The same of one that is only held.
	 *
	 * @throws {FaultError}
	 */
	async callHeld<Value>(action: (host: Host) => Promise<Value>): Promise<Value> {
		return await this.#call('held', action);
	}

	/**
	 * Takes over what the worker holds, after a save, or fetches what is new first.
	 *
	 * @throws {FaultError}
	 */
	async look(how: 'view' | 'refresh' = 'view'): Promise<void> {
		const view = await this.call((host) => host[how]());
		this.#view = view;
		if (this.#email === '' && view.email !== '') this.#remember(view.email);
	}

	/** The server says that the session has ended. */
	protected abstract expire(): void;

	/** Whether nothing is open, and nothing waits. */
	protected get idle(): boolean {
		return this.#phase === 'locked' && this.#kept === undefined;
	}

	/** Locks. `alone`: what other tabs were lent stays. */
	protected drop(reason: LockReason, alone: boolean): void {
		const host = this.#forget(reason);
		if (host === undefined) return;
		const end = () => {
			host.end();
		};
		const cancel = this.ports.clock.after(LOCK_MS, end);
		void host.lock(alone).then(cancel, cancel).then(end);
	}

	protected keep(kept: Kept | undefined): void {
		this.#kept = kept;
	}

	/** One try to open or make an account. What it fails with stands in `fault`. */
	protected async attempt<Value>(
		phase: 'starting' | 'touching' | 'deriving' | 'fetching',
		action: (host: Host, stepped: OnStep) => Promise<Value>
	): Promise<Attempt<Value>> {
		const era = ++this.#era;
		this.#phase = phase;
		this.#view = undefined;
		this.#fault = undefined;
		this.#lockReason = undefined;
		this.#progress.start(phase === 'deriving' ? 1 : 2);
		// Steps come by a channel of their own, and may come after the answer.
		let underWay = true;
		const stepped = (step: UnlockStep) => {
			if (underWay && era === this.#era) this.#stepped(step);
		};
		try {
			const value = await action((this.#host ??= this.#start()), stepped);
			return era === this.#era ? { outcome: 'done', value } : { outcome: 'stopped' };
		} catch (error) {
			// Whoever ended it has said why, if there is anything to say.
			if (era !== this.#era) return { outcome: this.fault === undefined ? 'stopped' : 'failed' };
			this.#fault = faultOf(error);
			this.#phase = 'locked';
			return { outcome: 'failed' };
		} finally {
			underWay = false;
			if (era === this.#era) this.#progress.stop();
		}
	}

	/** @param email as typed; of a passkey, what this device knows by itself, else empty */
	protected settle(view: AccountView | undefined, email: string): void {
		this.#view = view;
		this.#phase = view === undefined ? 'locked' : 'unlocked';
		if (view === undefined) return;
		this.#kept = undefined;
		this.firstSight.opened(view, email !== '' && email === this.#email);
		this.#remember(email);
		this.ports.tellOpened?.(view.account);
		this.#unlocked.tell();
	}

	/** It is open, and not to be shown yet. */
	protected hold(): void {
		this.#phase = 'held';
		this.#kept = undefined;
		this.#unlocked.tell();
	}

	async #call<Value>(phase: Phase, action: (host: Host) => Promise<Value>): Promise<Value> {
		const host = this.#host;
		const era = this.#era;
		if (host === undefined || this.#phase !== phase) throw new FaultError({ code: 'locked' });
		try {
			const value = await action(host);
			if (era !== this.#era) throw new FaultError({ code: 'locked' });
			return value;
		} catch (error) {
			if (era !== this.#era) throw new FaultError({ code: 'locked' });
			const fault = faultOf(error);
			if (fault.code === 'auth') this.expire();
			else if (isBreaking(fault)) this.#fault = fault;
			throw new FaultError(fault);
		}
	}

	#stepped(step: UnlockStep): void {
		this.#phase = step.step === 1 ? 'deriving' : step.step === 2 ? 'fetching' : 'verifying';
		this.#progress.step(step);
	}

	/** Empty: another account than the one that this device remembered, and nobody typed its email. */
	#remember(email: string): void {
		this.#email = email;
		if (email === '') this.ports.memory.forgetEmail();
		else this.ports.memory.rememberEmail(email);
	}

	#start(): Host {
		const host = this.ports.startHost((fault) => {
			if (this.#host !== host) return;
			// Nothing was open and nobody waits: the next use starts another.
			const silent = this.idle && fault.code === 'worker-lost';
			if (this.#phase === 'unlocked') this.ports.tellLocked?.('lost');
			this.#forget('lost');
			if (silent) this.#lockReason = undefined;
			else this.#fault = fault;
		});
		return host;
	}

	/** Drops all that is open and returns the worker that still holds it. */
	#forget(reason: LockReason): Host | undefined {
		const host = this.#host;
		this.#era++;
		this.#host = undefined;
		this.#view = undefined;
		this.#kept = undefined;
		this.#phase = 'locked';
		this.#fault = undefined;
		this.#lockReason = reason;
		this.#progress.forget();
		this.#locked.tell();
		return host;
	}
}
