/**
 * What `/readyz` answers. It is open to everyone and its check writes, so one check answers for all
 * who ask within a few seconds.
 */

const REPEATED_MS = 5_000;

export class Readiness {
	readonly #check: () => Promise<boolean>;
	readonly #now: () => number;
	#last: { readonly at: number; readonly answer: Promise<boolean> } | undefined;

	constructor(check: () => Promise<boolean>, now: () => number) {
		this.#check = check;
		this.#now = now;
	}

	ready(): Promise<boolean> {
		const at = this.#now();
		// A clock that was set back must not make an old answer last.
		if (this.#last === undefined || Math.abs(at - this.#last.at) >= REPEATED_MS) {
			this.#last = { at, answer: this.#check() };
		}
		return this.#last.answer;
	}
}
