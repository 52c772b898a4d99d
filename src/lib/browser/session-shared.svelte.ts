/**
 * A session beside those of other tabs: unlocked by what one of them has lent, and locked when one of
 * them locks.
 */
import type { Id } from '#lib/api/wire.ts';
import { SessionCore } from '#lib/browser/session-core.svelte.ts';
import type { LockReason } from '#lib/browser/session-phase.ts';
import { normaliseEmail } from '#lib/encoding/email.ts';

/**
 * Nobody waits for longer, whatever the other tabs are at. On a slow line the program of the worker that
 * asks them may take most of it; a lender that does not answer is given up by that worker.
 */
const ANSWER_MS = 20_000;

/** What is true of another tab alone is said in this one as what it is. */
const TOLD: Partial<Record<LockReason, LockReason>> = {
	asked: 'elsewhere',
	hidden: 'elsewhere',
	lost: 'elsewhere'
};

export abstract class SharedSession extends SessionCore {
	#resuming = $state.raw(false);

	/** Whether it is being opened without the person. */
	get resuming(): boolean {
		return this.#resuming;
	}

	/** Opens what another tab has open; to be called once the page is there. */
	async resume(): Promise<void> {
		try {
			if (await this.#lends()) {
				this.#resuming = true;
				await this.#open();
			}
		} finally {
			this.#resuming = false;
		}
		if (this.phase === 'starting') this.stop();
	}

	/** Forgets everything that was opened, and what was only prepared. */
	lock(reason: LockReason = 'asked'): void {
		if (this.idle) return;
		// A page that is kept for "back" locks by itself: whoever left it is at another one.
		const alone = this.phase !== 'unlocked' || reason === 'left';
		if (!alone) this.ports.tellLocked?.(reason);
		this.drop(reason, alone);
	}

	/** Another tab has locked. Whoever types a password here, or replaces keys, goes on. */
	lockToo(reason: LockReason): void {
		const open = this.phase === 'unlocked' || this.phase === 'starting' || this.#resuming;
		const ends = reason === 'signed-out' && !this.idle;
		if (open || ends) this.drop(TOLD[reason] ?? reason, this.phase !== 'unlocked');
	}

	/** Another tab has opened an account. If that is another one, the session of this one is no more. */
	openedElsewhere(account: Id): void {
		if (this.view !== undefined && this.view.account !== account) this.drop('expired', true);
	}

	/** Another tab may have replaced the keys, and lend the new ones. */
	protected override expire(): void {
		if (this.ports.lends === undefined) {
			this.lock('expired');
		} else {
			// The door is not shown before it is known whether it stays shut.
			this.#resuming = true;
			this.drop('expired', true);
			void this.resume();
		}
	}

	async #lends(): Promise<boolean> {
		try {
			return (await this.ports.lends?.()) ?? false;
		} catch {
			return false;
		}
	}

	async #open(): Promise<void> {
		const { lockReason } = this;
		const stayShut = () => {
			if (lockReason === undefined) this.stop();
			else this.drop(lockReason, true);
		};
		const giveUp = this.ports.clock.after(ANSWER_MS, stayShut);
		const answer = await this.attempt('starting', async (host, stepped) => {
			const { outcome } = await host.resume((step) => {
				giveUp();
				stepped(step);
			});
			return outcome === 'unlocked' ? { outcome, view: await host.view() } : { outcome };
		});
		giveUp();
		if (answer.outcome !== 'done') return;
		const { outcome, view } = answer.value;
		if (view !== undefined) {
			this.settle(view, sameEmail(this.email, view.email) ? this.email : view.email);
		} else if (outcome === 'nothing') {
			stayShut();
		} else {
			if (outcome === 'ended') this.ports.tellLocked?.('expired');
			this.drop('expired', true);
		}
	}
}

/** Whether what this device remembers, as it was typed, is the email of the account. */
function sameEmail(typed: string, email: string): boolean {
	try {
		return normaliseEmail(typed) === normaliseEmail(email);
	} catch {
		return false;
	}
}
