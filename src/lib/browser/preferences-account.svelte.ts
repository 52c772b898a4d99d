/** The end of an account, by its owner; and one that comes by itself, if nobody stops it. */
import type { Fault } from '#lib/browser/fault.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';

export class AccountEnd {
	#eraseAtMs = $state.raw<number>();
	readonly #work = new Work();

	constructor(
		private readonly session: Session,
		private readonly stepUp: StepUp
	) {
		session.onLock(() => {
			this.#eraseAtMs = undefined;
			this.#work.forget();
		});
	}

	/** When the account is erased: somebody has asked for it by a link in its owner's mail. */
	get eraseAtMs(): number | undefined {
		return this.#eraseAtMs;
	}
	get busy(): boolean {
		return this.#work.busy;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}

	/** Asks whether an erasure is under way. Nobody waits for the answer, so a fault is not shown. */
	async look(): Promise<void> {
		try {
			const { eraseAtMs } = await this.session.call((host) => host.erasure());
			this.#eraseAtMs = eraseAtMs;
		} catch {
			// Offline, or locked meanwhile: it is asked again.
		}
	}

	/** Deletes everything of the account, and forgets it on this device. */
	async drop(): Promise<'dropped' | 'cancelled' | 'failed'> {
		const dropped = await this.#work.step(() => this.stepUp.run((host) => host.dropAccount()));
		if (dropped.outcome !== 'done') return dropped.outcome;
		this.session.forgetEmail();
		this.session.lock('asked');
		return 'dropped';
	}
}
