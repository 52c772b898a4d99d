/**
 * The password once more, for what a session alone must not do. The keyholder keeps what it gives for
 * ten minutes and says itself when it is over; so an act is tried first, and the person is asked only
 * if it needs to be.
 */
import { FaultError, faultOf, type Fault } from '#lib/browser/fault.ts';
import type { Host } from '#lib/browser/host.ts';
import type { Session } from '#lib/browser/session.svelte.ts';

/** `wrong-email`: the account that is open has another one. */
export type ProofAnswer = 'proved' | 'wrong-password' | 'wrong-email' | 'failed';

/** `cancelled`: the person did not want to prove, and nothing was done. */
export type Stepped<Value> =
	{ readonly outcome: 'done'; readonly value: Value } | { readonly outcome: 'cancelled' };

export class StepUp {
	#asking = $state.raw(false);
	#busy = $state.raw(false);
	#fault = $state.raw<Fault>();
	#settle: ((proved: boolean) => void) | undefined;

	constructor(private readonly session: Session) {
		session.onLock(() => {
			this.cancel();
		});
	}

	/** Whether somebody waits for the password. */
	get asking(): boolean {
		return this.#asking;
	}
	get busy(): boolean {
		return this.#busy;
	}
	get fault(): Fault | undefined {
		return this.#fault;
	}
	/** After a sign-in by passkey where it was never typed: the password is of no use without it. */
	get needsEmail(): boolean {
		return this.session.view?.email === '';
	}

	/**
	 * Does `action`, after the password where it needs that.
	 *
	 * @throws {FaultError} what `action` fails with
	 */
	async run<Value>(action: (host: Host) => Promise<Value>): Promise<Stepped<Value>> {
		try {
			return { outcome: 'done', value: await this.session.call(action) };
		} catch (error) {
			if (faultOf(error).code !== 'proof') throw error;
		}
		if (!(await this.#ask())) return { outcome: 'cancelled' };
		return { outcome: 'done', value: await this.session.call(action) };
	}

	/** Answers who waits, if the password is right; else it may be tried again. */
	async prove(password: string, email?: string): Promise<ProofAnswer> {
		this.#busy = true;
		this.#fault = undefined;
		try {
			const answer = await this.provePassword(password, email);
			if (answer === 'proved') this.#end(true);
			return answer;
		} catch (error) {
			this.#fault = faultOf(error);
			return 'failed';
		} finally {
			this.#busy = false;
		}
	}

	/**
	 * The same outside of the dialog, for forms that ask for the password themselves.
	 *
	 * @throws {FaultError}
	 */
	async provePassword(password: string, email?: string): Promise<Exclude<ProofAnswer, 'failed'>> {
		if (!(await this.typeEmail(email))) return 'wrong-email';
		const { outcome } = await this.session.call((host) => host.prove(password));
		return outcome;
	}

	/**
	 * Tells the keyholder the email, where one was asked for.
	 *
	 * @returns false if the account has another one
	 * @throws {FaultError}
	 */
	async typeEmail(email: string | undefined): Promise<boolean> {
		if (email === undefined) return true;
		const { outcome } = await this.session.call((host) => host.typeEmail(email));
		if (outcome === 'other') return false;
		await this.session.look();
		return true;
	}

	/** Gives up what waits. */
	cancel(): void {
		this.#end(false);
	}

	#ask(): Promise<boolean> {
		if (this.#asking) throw new FaultError({ code: 'proof' });
		this.#asking = true;
		this.#fault = undefined;
		return new Promise((settle) => {
			this.#settle = settle;
		});
	}

	#end(proved: boolean): void {
		const settle = this.#settle;
		this.#settle = undefined;
		this.#asking = false;
		this.#fault = undefined;
		settle?.(proved);
	}
}
