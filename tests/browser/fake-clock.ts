/** Time that is wound by hand. */
import type { Clock } from '#lib/browser/clock.ts';

interface Timer {
	at: number;
	readonly every: number | undefined;
	readonly action: () => void;
}

export class FakeClock implements Clock {
	readonly #timers = new Set<Timer>();

	/** Noon, in whatever zone the tests run. */
	constructor(private time = new Date(2026, 2, 10, 12).getTime()) {}

	now(): number {
		return this.time;
	}

	after(ms: number, action: () => void): () => void {
		return this.#add({ at: this.time + ms, every: undefined, action });
	}

	every(ms: number, action: () => void): () => void {
		return this.#add({ at: this.time + ms, every: ms, action });
	}

	/** Lets time pass, with everything that is due in it. */
	pass(ms: number): void {
		const end = this.time + ms;
		for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
			this.time = Math.max(this.time, next.at);
			if (next.every === undefined) this.#timers.delete(next);
			else next.at += next.every;
			next.action();
		}
		this.time = end;
	}

	/** The clock is set, or the machine slept: time jumps and no timer runs. */
	jump(ms: number): void {
		this.time += ms;
		for (const timer of this.#timers) timer.at += ms;
	}

	get timers(): number {
		return this.#timers.size;
	}

	#add(timer: Timer): () => void {
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	}

	#next(end: number): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.#timers) {
			if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
		}
		return first;
	}
}
