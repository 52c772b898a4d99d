/**
 * The keys of an account that is only held are replaced, by a recovery kit or after a restore; and
 * what was restored is accepted. Nothing is shown of the account until that is done, and until the
 * last request nothing of it has changed.
 */
import { FaultError, faultOf, type Fault } from '#lib/browser/fault.ts';
import type { PasskeyDoor } from '#lib/browser/passkey.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { RotationPlan, RotationStep } from '#lib/keyholder/views.ts';

export type ReplaceOutcome = 'done' | 'conflict' | 'failed';

export class KeyReplacement {
	#plan = $state.raw<RotationPlan>();
	#madeAtMs = $state.raw(0);
	#progress = $state.raw<RotationStep>();
	#busy = $state.raw(false);
	#fault = $state.raw<Fault>();

	constructor(
		private readonly session: Session,
		private readonly passkeys: Pick<PasskeyDoor, 'touch'> | undefined,
		private readonly now: () => number
	) {}

	/** With the new kit; undefined until it is made. */
	get plan(): RotationPlan | undefined {
		return this.#plan;
	}
	/** When the new kit was made, by this device's clock. */
	get madeAtMs(): number {
		return this.#madeAtMs;
	}
	get progress(): RotationStep | undefined {
		return this.#progress;
	}
	get busy(): boolean {
		return this.#busy;
	}
	get fault(): Fault | undefined {
		return this.#fault;
	}

	/** Makes the new kit and says what would be dropped. Nothing is sent. */
	async begin(choice: {
		readonly password?: string;
		readonly nextPassword?: string;
	}): Promise<'planned' | 'wrong-password' | 'failed'> {
		const answered = await this.#do(() =>
			this.session.callHeld((host) => host.planRotation(choice))
		);
		if (answered === undefined) return 'failed';
		if (answered.outcome !== 'planned') return 'wrong-password';
		this.#plan = answered.plan;
		this.#madeAtMs = this.now();
		return 'planned';
	}

	/** Keeps a passkey by its touch. */
	async keep(slot: string): Promise<'kept' | 'cancelled' | 'failed'> {
		const kept = await this.#do(async () => {
			if (this.passkeys === undefined) throw new FaultError({ code: 'no-passkey' });
			const request = await this.session.callHeld((host) => host.askKeptPasskey(slot));
			const touched = await this.passkeys.touch(request);
			if (touched.outcome === 'cancelled') return 'cancelled';
			this.#plan = await this.session.callHeld((host) => host.keepPasskey(slot, touched.answer));
			return 'kept';
		});
		return kept ?? 'failed';
	}

	/** Replaces everything, or nothing, and shows the account. After a fault it may be asked for again. */
	async rotate(): Promise<ReplaceOutcome> {
		return await this.#finish(async (onStep) => {
			const { outcome } = await this.session.callHeld((host) => host.rotate(onStep));
			return outcome === 'rotated';
		});
	}

	/** The same for what was restored: writes on top of it, after the rotation if one is planned. */
	async accept(): Promise<ReplaceOutcome> {
		return await this.#finish(async (onStep) => {
			const { outcome } = await this.session.callHeld((host) => host.acceptRestore(onStep));
			return outcome === 'accepted';
		});
	}

	/** Back to before the plan. */
	forget(): void {
		this.#plan = undefined;
		this.#fault = undefined;
	}

	async #finish(
		act: (onStep: (step: RotationStep) => void) => Promise<boolean>
	): Promise<ReplaceOutcome> {
		// Steps come by a channel of their own, and may come after the answer.
		let underWay = true;
		const finished = await this.#do(async () => {
			const done = await act((step) => {
				if (underWay) this.#progress = step;
			});
			if (done) await this.session.reveal();
			return done;
		});
		underWay = false;
		this.#progress = undefined;
		if (finished === undefined) return 'failed';
		return finished ? 'done' : 'conflict';
	}

	async #do<Value>(action: () => Promise<Value>): Promise<Value | undefined> {
		this.#busy = true;
		this.#fault = undefined;
		try {
			return await action();
		} catch (error) {
			this.#fault = faultOf(error);
			return undefined;
		} finally {
			this.#busy = false;
		}
	}
}
