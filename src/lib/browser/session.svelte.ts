/**
 * The account as one tab sees it: locked, on its way, or unlocked. The keys are in a worker; here
 * is what the screen shows. Methods answer, and what failed stands in `fault`; only `call`, which
 * is for the other state classes, throws.
 */
import type { Clock } from '#lib/browser/clock.ts';
import { FaultError, faultOf, isBreaking, type Fault } from '#lib/browser/fault.ts';
import type { Memory } from '#lib/browser/device/remembered.ts';
import { FirstSight } from '#lib/browser/first-sight.svelte.ts';
import type { Host, StartHost } from '#lib/browser/host.ts';
import { UnlockProgress, type Progress } from '#lib/browser/progress.svelte.ts';
import { Listeners } from '#lib/browser/listeners.ts';
import type { AccountView, UnlockStep } from '#lib/keyholder/views.ts';

export type Phase = 'starting' | 'locked' | 'deriving' | 'fetching' | 'verifying' | 'unlocked';

/** Why it is locked, where that is worth a sentence. `expired`: the server ended the session. */
export type LockReason =
	'asked' | 'idle' | 'hidden' | 'slept' | 'left' | 'signed-out' | 'expired' | 'lost';

export type PrepareOutcome =
	| { readonly outcome: 'prepared'; readonly kit: string }
	| { readonly outcome: 'stopped' | 'failed' };
export type RegisterOutcome = 'registered' | 'taken' | 'closed' | 'stopped' | 'failed';
export type UnlockOutcome = 'unlocked' | 'wrong-password' | 'stopped' | 'failed';

export interface SessionPorts {
	readonly clock: Clock;
	readonly memory: Memory;
	readonly startHost: StartHost;
	readonly tellSignedOut?: () => void;
}

/** A worker that does not answer "lock" in this time is ended all the same. */
const LOCK_MS = 1_000;
export class Session {
	#phase = $state.raw<Phase>('starting');
	#view = $state.raw<AccountView>();
	#email = $state.raw('');
	#prepared = $state.raw(false);
	/** Of the account that is being opened or made, as typed. */
	#typedEmail = '';
	readonly #progress: UnlockProgress;
	/** Whether the open account was compared with anything. */
	readonly firstSight: FirstSight;
	#fault = $state.raw<Fault>();
	#lockReason = $state.raw<LockReason>();
	#host: Host | undefined;
	/** Raised by every lock, stop and loss: an answer to something older is dropped. */
	#era = 0;
	readonly #locked = new Listeners();
	readonly #unlocked = new Listeners();

	constructor(private readonly ports: SessionPorts) {
		this.#progress = new UnlockProgress(ports.clock, ports.memory);
		this.firstSight = new FirstSight(ports.memory);
		this.#email = ports.memory.email();
		this.#phase = 'locked';
	}

	get phase(): Phase {
		return this.#phase;
	}
	/** All that was verified; absent while locked. */
	get view(): AccountView | undefined {
		return this.#view;
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
	/** Whether an account is made and waits for its kit to be confirmed; ends with a lock. */
	get prepared(): boolean {
		return this.#prepared;
	}
	/** Whether what the server sent does not verify: nothing is written until that is settled. */
	get broken(): boolean {
		return this.#fault !== undefined && isBreaking(this.#fault);
	}

	/** Starts the worker ahead of its first use, so that unlocking need not wait for it. */
	warm(): void {
		this.#host ??= this.#start();
	}

	/** Makes the keys and the recovery kit of a new account. Nothing is sent yet. */
	async prepare(email: string, password: string): Promise<PrepareOutcome> {
		this.#typedEmail = email;
		const answer = await this.#attempt((host) => host.prepare(email, password));
		if (answer.outcome !== 'done') return { outcome: answer.outcome };
		this.#phase = 'locked';
		this.#prepared = true;
		return { outcome: 'prepared', kit: answer.value.kit };
	}

	/** Sends the prepared account, once its kit is confirmed; unlocked afterwards. */
	async register(): Promise<RegisterOutcome> {
		const answer = await this.#attempt(async (host) => {
			this.#phase = 'fetching';
			const { outcome } = await host.register();
			return outcome === 'registered' ? { outcome, view: await host.view() } : { outcome };
		});
		if (answer.outcome !== 'done') return answer.outcome;
		this.#settle(answer.value.view);
		return answer.value.outcome;
	}

	/** `wrong-password` stands for an unknown email too: the server answers both alike. */
	async unlock(email: string, password: string): Promise<UnlockOutcome> {
		this.#typedEmail = email;
		const answer = await this.#attempt(async (host, stepped) => {
			const { outcome } = await host.unlock(email, password, stepped);
			return outcome === 'unlocked' ? { outcome, view: await host.view() } : { outcome };
		});
		if (answer.outcome !== 'done') return answer.outcome;
		this.#settle(answer.value.view);
		return answer.value.outcome;
	}

	/** Gives up what is under way by ending the worker that does it. */
	stop(): void {
		if (this.#phase === 'unlocked' || this.#phase === 'locked') return;
		this.#era++;
		this.#host?.end();
		this.#host = undefined;
		this.#prepared = false;
		this.#phase = 'locked';
		this.#progress.stop();
	}

	/** Forgets everything that was opened, and an account that was only prepared. */
	lock(reason: LockReason = 'asked'): void {
		if (this.#phase === 'locked' && !this.#prepared) return;
		const host = this.#forget(reason);
		if (host === undefined) return;
		const end = () => {
			host.end();
		};
		const cancel = this.ports.clock.after(LOCK_MS, end);
		void host.lock().then(cancel, cancel).then(end);
	}

	/** Locks, and ends the session at the server; without the server it says that it could not. */
	async signOut(): Promise<void> {
		const host = this.#forget('signed-out') ?? this.#start();
		this.ports.tellSignedOut?.();
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
		const host = this.#host;
		const era = this.#era;
		if (host === undefined || this.#phase !== 'unlocked') throw new FaultError({ code: 'locked' });
		try {
			const value = await action(host);
			if (era !== this.#era) throw new FaultError({ code: 'locked' });
			return value;
		} catch (error) {
			if (era !== this.#era) throw new FaultError({ code: 'locked' });
			const fault = faultOf(error);
			if (fault.code === 'auth') this.lock('expired');
			else if (isBreaking(fault)) this.#fault = fault;
			throw new FaultError(fault);
		}
	}

	/**
	 * Takes over what the worker holds, after a save, or fetches what is new first.
	 *
	 * @throws {FaultError}
	 */
	async look(how: 'view' | 'refresh' = 'view'): Promise<void> {
		this.#view = await this.call((host) => host[how]());
	}

	async #attempt<Value>(
		action: (host: Host, stepped: (step: UnlockStep) => void) => Promise<Value>
	): Promise<{ outcome: 'done'; value: Value } | { outcome: 'stopped' | 'failed' }> {
		const era = ++this.#era;
		this.#phase = 'deriving';
		this.#view = undefined;
		this.#fault = undefined;
		this.#lockReason = undefined;
		this.#progress.start();
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

	#stepped(step: UnlockStep): void {
		this.#phase = step.step === 1 ? 'deriving' : step.step === 2 ? 'fetching' : 'verifying';
		this.#progress.step(step);
	}

	#settle(view: AccountView | undefined): void {
		this.#view = view;
		this.#phase = view === undefined ? 'locked' : 'unlocked';
		if (view === undefined) return;
		this.#prepared = false;
		const email = this.#typedEmail;
		this.firstSight.opened(view, email === this.#email);
		this.#email = email;
		this.ports.memory.rememberEmail(email);
		this.#unlocked.tell();
	}

	#start(): Host {
		const host = this.ports.startHost((fault) => {
			if (this.#host !== host) return;
			// Nothing was open and nobody waits: the next use starts another.
			const idle = this.#phase === 'locked' && !this.#prepared && fault.code === 'worker-lost';
			this.#forget('lost');
			if (idle) this.#lockReason = undefined;
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
		this.#prepared = false;
		this.#phase = 'locked';
		this.#fault = undefined;
		this.#lockReason = reason;
		this.#progress.stop();
		this.#locked.tell();
		return host;
	}
}
