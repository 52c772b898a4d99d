/** The values of one key on screen, for as long as their ticks burn. */
import type { Clock } from '#lib/browser/clock.ts';
import { countDown } from '#lib/browser/countdown.ts';
import type { Secret } from '#lib/items/key.ts';

export interface Revealed {
	readonly id: string;
	readonly secret: Secret;
	readonly secondsLeft: number;
	readonly secondsTotal: number;
}

export const REVEAL_SECONDS = 20;

export class Reveal {
	#shown = $state.raw<Revealed>();
	readonly #any = $derived(this.#shown !== undefined);
	/** The key whose values are shown, or on their way. */
	#keyId: string | undefined;
	/** Raised whenever values are hidden: what was asked for before is not shown any more. */
	#turn = 0;
	#end: (() => void) | undefined;

	constructor(private readonly clock: Clock) {}

	get shown(): Revealed | undefined {
		return this.#shown;
	}

	/** Whether values are shown, whatever is left of their time. */
	get any(): boolean {
		return this.#any;
	}

	/** Shows what `read` answers, unless values were hidden meanwhile. */
	async show(id: string, read: () => Promise<Secret | undefined>): Promise<Secret | undefined> {
		this.hide();
		this.#keyId = id;
		const turn = this.#turn;
		const secret = await read();
		if (secret === undefined || turn !== this.#turn) return undefined;
		const show = (secondsLeft: number) => {
			this.#shown = { id, secret, secondsLeft, secondsTotal: REVEAL_SECONDS };
		};
		this.#end = countDown(this.clock, REVEAL_SECONDS, show, () => {
			this.hide();
		});
		return secret;
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
