/**
 * The account as one tab sees it: locked, on its way, or unlocked. The keys are in a worker; here
 * is what the screen shows. Methods answer, and what failed stands in `fault`; only `call` and its
 * kind, which are for the other state classes, throw.
 */
import { isBreaking } from '#lib/browser/fault.ts';
import type { Host } from '#lib/browser/host.ts';
import { SharedSession } from '#lib/browser/session-shared.svelte.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type {
	AccountView,
	Admission,
	RegisterOutcome as Registered,
	RestoredState,
	UnlockOutcome as Unlocked,
	UnlockStep
} from '#lib/keyholder/views.ts';

export type { LockReason } from '#lib/browser/session-phase.ts';
export type { RestoredState };

/** `stopped`: the person ended it.   `failed`: why stands in `fault`. */
type Unfinished = 'stopped' | 'failed';

export type PrepareOutcome =
	{ readonly outcome: 'prepared'; readonly kit: string } | { readonly outcome: Unfinished };
export type RegisterOutcome = Registered['outcome'] | Unfinished;
export type UnlockOutcome = Unlocked['outcome'] | Unfinished;
/** `unknown`: the server does not know the passkey, or does not take its signature. */
export type PasskeyOutcome = 'unlocked' | 'unknown' | 'cancelled' | Unfinished;
export type LookOutcome =
	| { readonly outcome: 'found'; readonly state: RestoredState }
	| { readonly outcome: 'wrong-password' | 'second-factor' | Unfinished };

type OnStep = (step: UnlockStep) => void;

export class Session extends SharedSession {
	/** Of the account that is being opened or made, as typed. */
	#typedEmail = '';
	/** Whether what waits for a code is opened by a recovery kit. */
	#byKit = false;
	#touch: AbortController | undefined;

	/** Whether this browser can ask for a passkey. */
	get takesPasskeys(): boolean {
		return this.ports.passkeys !== undefined;
	}

	/** Makes the keys and the recovery kit of a new account. Nothing is sent yet. */
	async prepare(email: string, password: string): Promise<PrepareOutcome> {
		this.#typedEmail = email;
		this.keep(undefined);
		const answer = await this.attempt('deriving', (host) => host.prepare(email, password));
		if (answer.outcome !== 'done') return { outcome: answer.outcome };
		this.settle(undefined, email);
		this.keep('account');
		return { outcome: 'prepared', kit: answer.value.kit };
	}

	/**
	 * Sends the prepared account, once its kit is confirmed; unlocked afterwards. After `confirm` it
	 * asks whether the mailed link was followed.
	 */
	async register(admission?: Admission): Promise<RegisterOutcome> {
		const answer = await this.attempt('fetching', async (host) => {
			const { outcome } = await host.register(admission);
			return outcome === 'registered' ? { outcome, view: await host.view() } : { outcome };
		});
		if (answer.outcome !== 'done') return answer.outcome;
		this.settle(answer.value.view, this.#typedEmail);
		return answer.value.outcome;
	}

	/**
	 * `wrong-password` stands for an unknown email too: the server answers both alike. After
	 * `second-factor` the same keys wait for {@link unlockWithCode}.
	 */
	async unlock(email: string, password: string): Promise<UnlockOutcome> {
		this.#begin(email, false);
		return await this.#enter('deriving', (host, stepped) => host.unlock(email, password, stepped));
	}

	/** The code of the second factor, or a backup code; nothing is derived again. */
	async unlockWithCode(code: string): Promise<UnlockOutcome> {
		const outcome = await this.#enter('fetching', (host, stepped) =>
			host.unlockWithCode(code, stepped)
		);
		// A connection that failed says nothing about the code; the keys are there still.
		const { fault } = this;
		const over = fault?.code === 'locked' || (fault !== undefined && isBreaking(fault));
		if (outcome === 'failed' && over) this.keep(undefined);
		return outcome;
	}

	/**
	 * Opens with a recovery kit. Nothing is shown then, it is only held: whoever has seen the kit can
	 * open the account, so its keys are replaced before it is used.
	 *
	 * @param link the token of the mailed link, where the server sends mail
	 */
	async unlockWithKit(email: string, kit: string, link: Bytes | undefined): Promise<UnlockOutcome> {
		this.#begin(email, true);
		return await this.#enter('fetching', (host, stepped) =>
			host.unlockWithKit(email, kit, link, stepped)
		);
	}

	/** One touch: no email and no password is typed. */
	async unlockWithPasskey(): Promise<PasskeyOutcome> {
		const door = this.ports.passkeys;
		if (door === undefined) return 'cancelled';
		const { email } = this;
		const touch = (this.#touch = new AbortController());
		this.keep(undefined);
		const answer = await this.attempt('touching', async (host, stepped) => {
			const touched = await door.touch(await host.askPasskey(), touch.signal);
			if (touched.outcome === 'cancelled') return { outcome: 'cancelled' } as const;
			const { outcome } = await host.unlockWithPasskey(touched.answer, stepped);
			if (outcome !== 'unlocked') return { outcome: 'unknown' } as const;
			return { outcome, view: await viewWithEmail(host, email) } as const;
		});
		if (answer.outcome !== 'done') return answer.outcome;
		const { outcome, view } = answer.value;
		this.settle(view, view?.email === '' ? '' : email);
		return outcome;
	}

	override async look(how: 'view' | 'refresh' = 'view'): Promise<void> {
		await super.look(how);
		// What the worker holds is taken over after a save.
		if (how === 'view') this.ports.tellChanged?.();
	}

	/** Another tab of this browser has written: fetches it, where something is open. */
	async follow(): Promise<void> {
		if (this.phase !== 'unlocked' || this.broken) return;
		try {
			await this.look('refresh');
		} catch {
			// Nobody has asked for it: offline, or locked meanwhile. What breaks stands in `fault`.
		}
	}

	override stop(): void {
		this.#touch?.abort();
		super.stop();
	}

	/**
	 * After unlocking failed with `rollback` or `fork`: verifies what the server has as a new device
	 * would. It is held until it is accepted, and nothing of it is shown.
	 */
	async lookAtRestore(email: string, password: string, code?: string): Promise<LookOutcome> {
		this.#begin(email, false);
		const answer = await this.attempt('deriving', (host) =>
			host.lookAtRestore(email, password, code)
		);
		if (answer.outcome !== 'done') return { outcome: answer.outcome };
		if (answer.value.outcome === 'found') this.hold();
		else this.settle(undefined, email);
		return answer.value;
	}

	/**
	 * Shows what was only held, once it may be used.
	 *
	 * @throws {FaultError}
	 */
	async reveal(): Promise<void> {
		const view = await this.callHeld((host) => host.view());
		this.settle(view, this.#typedEmail);
	}

	#begin(email: string, byKit: boolean): void {
		this.#typedEmail = email;
		this.#byKit = byKit;
		this.keep(undefined);
	}

	async #enter(
		phase: 'deriving' | 'fetching',
		enter: (host: Host, stepped: OnStep) => Promise<Unlocked>
	): Promise<UnlockOutcome> {
		const byKit = this.#byKit;
		const answer = await this.attempt(phase, async (host, stepped) => {
			const { outcome } = await enter(host, stepped);
			const shown = outcome === 'unlocked' && !byKit;
			return shown ? { outcome, view: await host.view() } : { outcome };
		});
		if (answer.outcome !== 'done') return answer.outcome;
		const { outcome, view } = answer.value;
		if (outcome === 'unlocked' && byKit) this.hold();
		else this.settle(view, this.#typedEmail);
		this.keep(outcome === 'second-factor' ? 'code' : undefined);
		return outcome;
	}
}

/**
 * The email that this device remembers, if it is the account's: it was typed here once, and nothing
 * that needs the password works without it.
 */
async function viewWithEmail(host: Host, email: string): Promise<AccountView> {
	try {
		if (email !== '') await host.typeEmail(email);
		return await host.view();
	} catch (error) {
		await host.lock();
		throw error;
	}
}
