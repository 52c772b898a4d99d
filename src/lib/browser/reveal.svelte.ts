/** Values of one key on screen, those of now or those before, for as long as their ticks burn. */
import type { Clock } from '#lib/browser/clock.ts';
import { countDown } from '#lib/browser/countdown.ts';
import type { PreviousValue, Secret } from '#lib/items/key.ts';

export interface Revealed<Values> {
	/** Of the key. */
	readonly id: string;
	readonly values: Values;
	readonly secondsLeft: number;
	readonly secondsTotal: number;
}

export const REVEAL_SECONDS = 20;

export class Reveal<Values> {
	#shown = $state.raw<Revealed<Values>>();
	readonly #any = $derived(this.#shown !== undefined);
	/** The key whose values are shown, or on their way. */
	#keyId: string | undefined;
	/** Raised whenever values are hidden: what was asked for before is not shown any more. */
	#turn = 0;
	#end: (() => void) | undefined;

	constructor(private readonly clock: Clock) {}

	get shown(): Revealed<Values> | undefined {
		return this.#shown;
	}

	/** Whether values are shown, whatever is left of their time. */
	get any(): boolean {
		return this.#any;
	}

	/** Shows what `read` answers, unless values were hidden meanwhile. */
	async show(id: string, read: () => Promise<Values | undefined>): Promise<Values | undefined> {
		this.hide();
		this.#keyId = id;
		const turn = this.#turn;
		const values = await read();
		if (values === undefined || turn !== this.#turn) return undefined;
		const show = (secondsLeft: number) => {
			this.#shown = { id, values, secondsLeft, secondsTotal: REVEAL_SECONDS };
		};
		this.#end = countDown(this.clock, REVEAL_SECONDS, show, () => {
			this.hide();
		});
		return values;
	}

	hide(): void {
		this.#turn++;
		this.#keyId = undefined;
		this.#end?.();
		this.#end = undefined;
		this.#shown = undefined;
	}

	/** Hides the values of every other key. */
	keepOnly(id: string | undefined): void {
		if (id !== this.#keyId) this.hide();
	}
}

/** The values of now and those before, each shown when it is asked for: one does not open the other. */
export class Reveals {
	readonly now: Reveal<Omit<Secret, 'previous'>>;
	readonly before: Reveal<readonly PreviousValue[]>;

	constructor(clock: Clock) {
		this.now = new Reveal(clock);
		this.before = new Reveal(clock);
	}

	/** Whether values are shown, whatever is left of their time. */
	get any(): boolean {
		return this.now.any || this.before.any;
	}

	hide(): void {
		this.now.hide();
		this.before.hide();
	}

	/** Hides the values of every other key. */
	keepOnly(id: string | undefined): void {
		this.now.keepOnly(id);
		this.before.keepOnly(id);
	}
}
