/** How far an unlock has come: true seconds, true counts, and what this device usually takes. */
import type { Clock } from '#lib/browser/clock.ts';
import type { Memory } from '#lib/browser/device/remembered.ts';
import type { UnlockStep } from '#lib/keyholder/views.ts';

export interface Progress {
	readonly step: 1 | 2 | 3;
	/** Since it was asked, in tenths. */
	readonly seconds: number;
	/** What step 1 usually takes on this device; absent the first time. */
	readonly usualSeconds?: number;
	/** Keys verified and opened, of all, in step 3. */
	readonly done?: number;
	readonly total?: number;
}

const TICK_MS = 100;

export class UnlockProgress {
	#shown = $state.raw<Progress>({ step: 1, seconds: 0 });
	#startedAt = 0;
	#endTicks: (() => void) | undefined;

	constructor(
		private readonly clock: Clock,
		private readonly memory: Memory
	) {}

	get shown(): Progress {
		return this.#shown;
	}

	/** @param step where it begins: what derives nothing begins with the second */
	start(step: 1 | 2 = 1): void {
		this.stop();
		this.#startedAt = this.clock.now();
		const usualSeconds = this.memory.usualSeconds();
		const usual = usualSeconds === undefined ? {} : { usualSeconds };
		this.#shown = { step, seconds: 0, ...usual };
		this.#endTicks = this.clock.every(TICK_MS, () => {
			this.#shown = { ...this.#shown, seconds: Math.round(this.#seconds() * 10) / 10 };
		});
	}

	/** The first step that is not deriving says how long deriving took. */
	step(step: UnlockStep): void {
		if (this.#shown.step === 1 && step.step !== 1) this.memory.tookSeconds(this.#seconds());
		this.#shown = { ...this.#shown, ...step };
	}

	stop(): void {
		this.#endTicks?.();
		this.#endTicks = undefined;
	}

	/** How many keys there were is nobody's business while it is locked. */
	forget(): void {
		this.stop();
		this.#shown = { step: 1, seconds: 0 };
	}

	#seconds(): number {
		return Math.max(0, (this.clock.now() - this.#startedAt) / 1_000);
	}
}
