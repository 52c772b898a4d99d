/** The second factor: turned on with a code of the new seed, its backup codes shown once, turned off. */
import type { SecondFactorState } from '#lib/api/second-factor.ts';
import type { Fault } from '#lib/browser/fault.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';

export interface Seed {
	/** In base32, to be typed. */
	readonly seed: string;
	/** For a QR code. */
	readonly address: string;
}

export type FactorOutcome = 'done' | 'wrong-code' | 'cancelled' | 'failed';

export class SecondFactor {
	#state = $state.raw<SecondFactorState>();
	#seed = $state.raw<Seed>();
	#codes = $state.raw<readonly string[]>();
	readonly #work = new Work();

	constructor(
		private readonly session: Session,
		private readonly stepUp: StepUp
	) {
		session.onLock(() => {
			this.#state = undefined;
			this.forget();
		});
	}

	/** Undefined until it is known. */
	get on(): boolean | undefined {
		return this.#state?.on;
	}
	/** How many backup codes are left. */
	get codesLeft(): number {
		return this.#state?.backupCodes ?? 0;
	}
	/** A seed that waits for its first code. */
	get seed(): Seed | undefined {
		return this.#seed;
	}
	/** The backup codes, while they are on screen for the one time. */
	get codes(): readonly string[] | undefined {
		return this.#codes;
	}
	get busy(): boolean {
		return this.#work.busy;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}

	async load(): Promise<void> {
		const loaded = await this.#work.do(() => this.session.call((host) => host.secondFactor()));
		if (loaded.outcome === 'done') this.#state = loaded.value;
	}

	/** Asks for a seed. It does nothing until {@link turnOn}. */
	async begin(): Promise<FactorOutcome> {
		const answer = await this.#work.step(() =>
			this.stepUp.run((host) => host.askSecondFactorSeed())
		);
		if (answer.outcome !== 'done') return answer.outcome;
		this.#seed = answer.value;
		return 'done';
	}

	async turnOn(code: string): Promise<FactorOutcome> {
		const answer = await this.#work.step(() =>
			this.stepUp.run((host) => host.turnSecondFactorOn(code))
		);
		if (answer.outcome !== 'done') return answer.outcome;
		if (answer.value.outcome === 'wrong-code') return 'wrong-code';
		this.#codes = answer.value.backupCodes;
		this.#seed = undefined;
		this.#state = { on: true, backupCodes: this.#codes.length };
		return 'done';
	}

	async turnOff(code: string): Promise<FactorOutcome> {
		const answer = await this.#work.step(() =>
			this.stepUp.run((host) => host.turnSecondFactorOff(code))
		);
		if (answer.outcome !== 'done') return answer.outcome;
		if (answer.value.outcome === 'wrong-code') return 'wrong-code';
		this.#state = { on: false, backupCodes: 0 };
		return 'done';
	}

	/** For leaving the screen: seed and codes are gone from the page. */
	forget(): void {
		this.#seed = undefined;
		this.#codes = undefined;
		this.#work.forget();
	}
}
