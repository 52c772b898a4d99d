/** An offer to undo, for as long as its toast stands. */
import type { Clock } from '#lib/browser/clock.ts';
import { countDown } from '#lib/browser/countdown.ts';
import type { SaveOutcome } from '#lib/browser/wallet.svelte.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';

export interface Undo {
	readonly kind:
		'trash' | 'restore' | 'move' | 'tag' | 'archive' | 'previous' | 'revoke' | 'use' | 'view';
	/** Of the keys it was done to, or of the view. */
	readonly names: readonly string[];
	readonly secondsLeft: number;
	readonly secondsTotal: number;
}

type Back = () => Promise<SaveOutcome>;

interface Taken {
	readonly kind: Undo['kind'];
	readonly rows: readonly KeyRow[];
	readonly back: Back | undefined;
}

export const UNDO_SECONDS = 10;

export class UndoOffer {
	#shown = $state.raw<Undo>();
	#rows: readonly KeyRow[] = [];
	#back: Back | undefined;
	#end: (() => void) | undefined;

	constructor(private readonly clock: Clock) {}

	get shown(): Undo | undefined {
		return this.#shown;
	}

	/**
	 * Offers to undo what was done to `rows`, in the place of an older offer.
	 *
	 * @param back undoes it, where that takes more than other overviews
	 */
	make(
		kind: Undo['kind'],
		rows: readonly KeyRow[],
		back?: Back,
		names = rows.map(({ overview }) => overview.name)
	): void {
		this.withdraw();
		this.#rows = rows;
		this.#back = back;
		const show = (secondsLeft: number) => {
			this.#shown = { kind, names, secondsLeft, secondsTotal: UNDO_SECONDS };
		};
		this.#end = countDown(this.clock, UNDO_SECONDS, show, () => {
			this.withdraw();
		});
	}

	/** Takes the offer: what was done, and the rows as they are since. It is gone then. */
	take(): Taken | undefined {
		const taken = this.#shown && { kind: this.#shown.kind, rows: this.#rows, back: this.#back };
		this.withdraw();
		return taken;
	}

	withdraw(): void {
		this.#end?.();
		this.#end = undefined;
		this.#shown = undefined;
		this.#rows = [];
		this.#back = undefined;
	}
}
