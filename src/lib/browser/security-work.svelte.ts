/** One piece of work of a state class: whether it is under way, and what it failed with. */
import { faultOf, type Fault } from '#lib/browser/fault.ts';
import type { Stepped } from '#lib/browser/security-proof.svelte.ts';

export type Worked<Value> =
	| { readonly outcome: 'done'; readonly value: Value }
	| { readonly outcome: 'cancelled' | 'failed' };

export class Work {
	#busy = $state.raw(false);
	#fault = $state.raw<Fault>();
	/** Raised by every start and by {@link forget}: an answer to something older changes nothing. */
	#era = 0;

	get busy(): boolean {
		return this.#busy;
	}
	get fault(): Fault | undefined {
		return this.#fault;
	}

	/** Does `action`; what it throws stands in `fault`. */
	async do<Value>(action: () => Promise<Value>): Promise<Worked<Value>> {
		return await this.step(async () => ({ outcome: 'done', value: await action() }));
	}

	/** The same for what may be given up on the way. */
	async step<Value>(action: () => Promise<Stepped<Value>>): Promise<Worked<Value>> {
		const era = ++this.#era;
		this.#busy = true;
		this.#fault = undefined;
		try {
			return await action();
		} catch (error) {
			if (era === this.#era) this.#fault = faultOf(error);
			return { outcome: 'failed' };
		} finally {
			if (era === this.#era) this.#busy = false;
		}
	}

	/** For a lock, and for leaving the screen. */
	forget(): void {
		this.#era++;
		this.#busy = false;
		this.#fault = undefined;
	}
}
