/**
 * One thing at a time that takes its while and can be given up: what it is at, how far it is, and
 * what it failed with.
 */
import { faultOf, type Fault } from '#lib/browser/fault.ts';

export interface Count {
	readonly done: number;
	readonly total: number;
}

export type Done<Value> =
	{ readonly outcome: 'done'; readonly value: Value } | { readonly outcome: 'stopped' | 'failed' };

export class Stoppable<Phase extends string> {
	#phase = $state.raw<Phase | 'idle'>('idle');
	#progress = $state.raw<Count>();
	#fault = $state.raw<Fault>();
	/** Raised by every start and by {@link drop}: an answer to something older is dropped. */
	#era = 0;

	get phase(): Phase | 'idle' {
		return this.#phase;
	}
	get progress(): Count | undefined {
		return this.#progress;
	}
	get fault(): Fault | undefined {
		return this.#fault;
	}

	/**
	 * Does `action`; what it throws stands in `fault`.
	 *
	 * @param action is given what tells whether it is still the one that is under way
	 */
	async run<Value>(
		phase: Phase,
		action: (mine: () => boolean) => Promise<Value>
	): Promise<Done<Value>> {
		const era = ++this.#era;
		// Steps come by a channel of their own, and may come after the answer.
		let underWay = true;
		const mine = () => underWay && era === this.#era;
		this.#phase = phase;
		this.#fault = undefined;
		try {
			const value = await action(mine);
			return mine() ? { outcome: 'done', value } : { outcome: 'stopped' };
		} catch (error) {
			if (!mine()) return { outcome: 'stopped' };
			this.#fault = faultOf(error);
			return { outcome: 'failed' };
		} finally {
			if (mine()) {
				this.#phase = 'idle';
				this.#progress = undefined;
			}
			underWay = false;
		}
	}

	/** It has come so far. */
	stepped(phase: Phase, progress: Count | undefined): void {
		this.#phase = phase;
		this.#progress = progress;
	}

	/** What it failed with, where that is told and not thrown; undefined takes it back. */
	fail(fault: Fault | undefined): void {
		this.#fault = fault;
	}

	/** Whoever waits for an answer waits no more. */
	drop(): void {
		this.#era++;
		this.#phase = 'idle';
		this.#progress = undefined;
	}
}
