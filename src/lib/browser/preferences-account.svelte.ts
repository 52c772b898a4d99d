/** The end of an account, by its owner. */
import type { Fault } from '#lib/browser/fault.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';

export class AccountEnd {
	readonly #work = new Work();

	constructor(
		private readonly session: Session,
		private readonly stepUp: StepUp
	) {
		session.onLock(() => {
			this.#work.forget();
		});
	}

	get busy(): boolean {
		return this.#work.busy;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
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
