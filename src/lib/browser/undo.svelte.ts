/** An offer to undo, for as long as its toast stands. */
import type { Clock } from '#lib/browser/clock.ts';
import { countDown } from '#lib/browser/countdown.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';

export interface Undo {
	readonly kind: 'trash' | 'restore';
	/** Names of the keys it was done to. */
	readonly names: readonly string[];
	readonly secondsLeft: number;
	readonly secondsTotal: number;
}

export const UNDO_SECONDS = 10;

export class UndoOffer {
	#shown = $state.raw<Undo>();
	#rows: readonly KeyRow[] = [];
	#end: (() => void) | undefined;

	constructor(private readonly clock: Clock) {}

	get shown(): Undo | undefined {
		return this.#shown;
	}

	/** Offers to undo what was done to `rows`, in the place of an older offer. */
	make(kind: Undo['kind'], rows: readonly KeyRow[]): void {
		this.withdraw();
		this.#rows = rows;
		const names = rows.map(({ overview }) => overview.name);
		const show = (secondsLeft: number) => {
			this.#shown = { kind, names, secondsLeft, secondsTotal: UNDO_SECONDS };
		};
		this.#end = countDown(this.clock, UNDO_SECONDS, show, () => {
			this.withdraw();
		});
	}

	/** Takes the offer: what was done, and the rows as they are since. It is gone then. */
	take(): { readonly kind: Undo['kind']; readonly rows: readonly KeyRow[] } | undefined {
		const taken = this.#shown && { kind: this.#shown.kind, rows: this.#rows };
		this.withdraw();
		return taken;
	}

	withdraw(): void {
		this.#end?.();
		this.#end = undefined;
		this.#shown = undefined;
		this.#rows = [];
	}
}
