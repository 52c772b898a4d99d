/**
 * Windows of the limits that are kept in memory, and when they end: the limiter's own stores count
 * a whole window from the first refusal, which tells people to wait up to twice as long as they must.
 */
import type { RateLimiterStore } from 'sveltekit-rate-limiter/server/stores';

interface Window {
	count: number;
	endsAtMs: number;
	/** How much of the count all processes know. */
	shared: number;
}

/** What a process counted in a window that all of them share. */
export interface Unshared {
	readonly key: string;
	readonly added: number;
	/** When the window ends here. */
	readonly endsAtMs: number;
	/** Takes over what all of them counted together, and when the window ends for all. */
	readonly settle: (total: number, endsAtMs: number) => void;
}

/**
 * Whether a window of this length is open. One whose end is further away than twice its length was
 * opened while the clock was far ahead: kept to, it would shut people out until that time comes.
 */
export function isOpen(endsAtMs: number, lengthMs: number, nowMs: number): boolean {
	return endsAtMs > nowMs && endsAtMs <= nowMs + 2 * lengthMs;
}

/** Counts by key; the first try of a key opens its window. All windows have one length. */
export class WindowStore implements RateLimiterStore {
	/** In the order in which they began; sharing may move an end. */
	readonly #windows = new Map<string, Window>();
	readonly #max: number;

	/** @param max keys that are remembered; those whose window began first go first. */
	constructor(max: number) {
		this.#max = max;
	}

	add(key: string, lengthMs: number): number {
		const now = Date.now();
		const open = this.#windows.get(key);
		if (open !== undefined && isOpen(open.endsAtMs, lengthMs, now)) return ++open.count;
		this.#windows.delete(key);
		this.#windows.set(key, { count: 1, endsAtMs: now + lengthMs, shared: 0 });
		for (const [first, { endsAtMs }] of this.#windows) {
			if (endsAtMs > now && this.#windows.size <= this.#max) break;
			this.#windows.delete(first);
		}
		return 1;
	}

	/**
	 * What was counted since the last time, in open windows with `least` tries or more: what is far from
	 * its limit is nobody else's business yet. What is not settled comes again.
	 */
	unshared(least: number): Unshared[] {
		const now = Date.now();
		return [...this.#windows].flatMap(([key, window]) => {
			const { count: seen, shared, endsAtMs } = window;
			if (seen < least || seen === shared || endsAtMs <= now) return [];
			const settle = (total: number, sharedEndsAtMs: number) => {
				window.count += total - seen;
				window.shared = total;
				window.endsAtMs = sharedEndsAtMs;
			};
			return [{ key, added: seen - shared, endsAtMs, settle }];
		});
	}

	clear(): void {
		this.#windows.clear();
	}

	/** When the window of `key` ends, in milliseconds since 1970; now, if it has none. */
	endsAtMs(key: string): number {
		return this.#windows.get(key)?.endsAtMs ?? Date.now();
	}
}

/** Tells the limiter the end of a window instead of counting a new one. */
export class EndStore implements RateLimiterStore {
	readonly #windows: WindowStore;

	constructor(windows: WindowStore) {
		this.#windows = windows;
	}

	/** The limiter rounds down to whole seconds; whoever comes back then must not be early. */
	add(key: string): number {
		return this.#windows.endsAtMs(key) + 999;
	}

	clear(): void {
		this.#windows.clear();
	}
}
