/** The ways in that are changed where they stand: the password, and what a passkey is called. */
import type { Fault } from '#lib/browser/fault.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { KDF_PROFILES } from '#lib/crypto/kdf.ts';
import type { ChangeOutcome } from '#lib/keyholder/views.ts';

/** `second-factor`: the code is missing, wrong or used already. */
export type WayOutcome = ChangeOutcome['outcome'] | 'failed';

export interface PasswordChange {
	readonly current: string;
	readonly next: string;
	/** Of the second factor. */
	readonly code?: string;
	/** Where it was never typed. */
	readonly email?: string;
}

export class WaysIn {
	readonly #work = new Work();

	constructor(
		private readonly session: Session,
		private readonly stepUp: StepUp
	) {
		session.onLock(() => {
			this.forget();
		});
	}

	get busy(): boolean {
		return this.#work.busy;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}

	/** Wraps the account key for another password; every other session ends with it. */
	async changePassword(change: PasswordChange): Promise<WayOutcome | 'wrong-email'> {
		const { current, next, code, email } = change;
		const answer = await this.#work.do(async () => {
			if (!(await this.stepUp.typeEmail(email))) return 'wrong-email';
			const changed = await this.session.call((host) => host.changePassword(current, next, code));
			if (changed.outcome === 'changed') await this.session.look();
			return changed.outcome;
		});
		return answer.outcome === 'done' ? answer.value : 'failed';
	}

	async rename(slot: string, name: string): Promise<'saved' | 'conflict' | 'failed'> {
		const answer = await this.#work.do(async () => {
			const saved = await this.session.call((host) => host.renamePasskey(slot, name));
			if (saved.outcome === 'saved') await this.session.look();
			return saved.outcome;
		});
		return answer.outcome === 'done' ? answer.value : 'failed';
	}

	/** For leaving the screen. */
	forget(): void {
		this.#work.forget();
	}
}

/** What a profile of the password costs whoever guesses. */
export function profileCost(profile: number): { memoryMiB: number; passes: number } | undefined {
	const cost = KDF_PROFILES.get(profile);
	return cost && { memoryMiB: cost.memoryKiB / 1_024, passes: cost.passes };
}
