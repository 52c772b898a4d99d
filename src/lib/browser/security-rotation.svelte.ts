/**
 * A rotation with the person: the password, what is kept and what is dropped, the new kit, and then
 * all of it or nothing. What fails stands in `fault`, and the old keys are in force.
 */
import type { Fault } from '#lib/browser/fault.ts';
import type { PasskeyDoor } from '#lib/browser/passkey.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { RotationPlan, RotationStep } from '#lib/keyholder/views.ts';

/** `kit`: the plan is agreed to, and the new kit waits to be typed back. */
export type RotationStage = 'none' | 'planned' | 'kit' | 'rotating' | 'done';

export type PlanOutcome = 'planned' | 'wrong-password' | 'wrong-email' | 'failed';

export interface RotationWish {
	readonly password: string;
	/** If it is to change. */
	readonly nextPassword?: string;
	/** Where it was never typed. */
	readonly email?: string;
}

export class RotationWork {
	#stage = $state.raw<RotationStage>('none');
	#plan = $state.raw<RotationPlan>();
	#keeping = $state.raw<string>();
	#progress = $state.raw<RotationStep>();
	#conflict = $state.raw(false);
	#madeAtMs = $state.raw(0);
	readonly #work = new Work();

	constructor(
		private readonly session: Session,
		private readonly stepUp: StepUp,
		private readonly door: PasskeyDoor,
		private readonly now: () => number
	) {
		session.onLock(() => {
			this.#forget();
		});
	}

	get stage(): RotationStage {
		return this.#stage;
	}
	get plan(): RotationPlan | undefined {
		return this.#plan;
	}
	/** When the new kit was made, by this device's clock. */
	get madeAtMs(): number {
		return this.#madeAtMs;
	}
	/** The passkey whose touch is waited for. */
	get keeping(): string | undefined {
		return this.#keeping;
	}
	get progress(): RotationStep | undefined {
		return this.#progress;
	}
	/** Another device has written meanwhile: the old keys are in force. */
	get conflict(): boolean {
		return this.#conflict;
	}
	get busy(): boolean {
		return this.#work.busy;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}

	/** Makes the plan and the new kit. Nothing is written. */
	async begin({ email, ...choice }: RotationWish): Promise<PlanOutcome> {
		this.#conflict = false;
		const answer = await this.#work.do(async () => {
			if (!(await this.stepUp.typeEmail(email))) return 'wrong-email';
			return await this.session.call((host) => host.planRotation(choice));
		});
		if (answer.outcome !== 'done') return 'failed';
		if (answer.value === 'wrong-email') return 'wrong-email';
		if (answer.value.outcome !== 'planned') return answer.value.outcome;
		this.#plan = answer.value.plan;
		this.#madeAtMs = this.now();
		this.#stage = 'planned';
		return 'planned';
	}

	/** Keeps a passkey by its own touch. */
	async keep(slot: string): Promise<'kept' | 'cancelled' | 'failed'> {
		if (this.#work.busy) return 'cancelled';
		this.#keeping = slot;
		const answer = await this.#work.step<RotationPlan>(async () => {
			const request = await this.session.call((host) => host.askKeptPasskey(slot));
			const touched = await this.door.touch(request);
			if (touched.outcome === 'cancelled') return touched;
			const plan = await this.session.call((host) => host.keepPasskey(slot, touched.answer));
			return { outcome: 'done', value: plan };
		});
		this.#keeping = undefined;
		if (answer.outcome !== 'done') return answer.outcome;
		this.#plan = answer.value;
		return 'kept';
	}

	/** The person agrees to what is dropped. */
	agree(): void {
		if (this.#stage === 'planned') this.#stage = 'kit';
	}

	/** Back to what is kept and dropped; the kit stays the same. */
	reconsider(): void {
		if (this.#stage === 'kit') this.#stage = 'planned';
	}

	/** Does it, once the kit was typed back. After a fault it may be asked for again. */
	async rotate(): Promise<'rotated' | 'conflict' | 'cancelled' | 'failed'> {
		if (this.#stage !== 'kit') return 'cancelled';
		this.#stage = 'rotating';
		this.#conflict = false;
		// Steps come by a channel of their own, and may come after the answer.
		let underWay = true;
		const answer = await this.#work.step(() =>
			this.stepUp.run((host) =>
				host.rotate((step) => {
					if (underWay) this.#progress = step;
				})
			)
		);
		underWay = false;
		this.#progress = undefined;
		if (this.session.phase !== 'unlocked') return 'failed';
		if (answer.outcome !== 'done' || answer.value.outcome === 'conflict') {
			this.#stage = 'kit';
			this.#conflict = answer.outcome === 'done';
			return answer.outcome === 'done' ? 'conflict' : answer.outcome;
		}
		await this.#work.do(() => this.session.look());
		this.#plan = undefined;
		this.#stage = 'done';
		return 'rotated';
	}

	/** Gives up the plan; what runs already comes to its end. */
	drop(): void {
		if (this.#stage === 'rotating') return;
		const planned = this.#stage === 'planned' || this.#stage === 'kit';
		this.#forget();
		if (planned) void this.session.call((host) => host.dropRotation()).catch(() => undefined);
	}

	#forget(): void {
		this.#stage = 'none';
		this.#plan = undefined;
		this.#keeping = undefined;
		this.#progress = undefined;
		this.#conflict = false;
		this.#work.forget();
	}
}
