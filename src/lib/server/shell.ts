/** One of the limits that are kept in memory: the limiter, on windows of its own. */
import type { RequestEvent } from '@sveltejs/kit';
import { RetryAfterRateLimiter } from 'sveltekit-rate-limiter/server';
import type { Rate } from '#lib/server/limit-table.ts';
import { EndStore, WindowStore, type Unshared } from '#lib/server/windows.ts';

/** Networks or accounts that are remembered; those whose window began first go first. */
const MAX_REMEMBERED = 50_000;
/** A window is shared with other processes from this part of its limit on. */
const SHARED_FROM = 0.1;

export class Shell {
	/** How many are let through in a window. */
	readonly #count: number;
	/** Two limiters on one store would share their counters. */
	readonly #store = new WindowStore(MAX_REMEMBERED);
	readonly #limiter: RetryAfterRateLimiter<string>;

	constructor({ count, window }: Rate) {
		this.#count = count;
		this.#limiter = new RetryAfterRateLimiter<string>(
			{
				plugins: [{ rate: [count, window], hash: (_event, whom: string) => Promise.resolve(whom) }],
				store: this.#store,
				hashFunction: (whom) => whom
			},
			new EndStore(this.#store)
		);
	}

	/** Counts one request of `whom`. */
	async check(
		event: RequestEvent,
		whom: string
	): Promise<{ limited: boolean; retryAfter: number }> {
		return await this.#limiter.check(event, whom);
	}

	/** What other processes should know. */
	unshared(): Unshared[] {
		// The limiter writes the index of its rate, which is the only one, before the key.
		return this.#store
			.unshared(Math.ceil(this.#count * SHARED_FROM))
			.map((counted) => ({ ...counted, key: counted.key.slice(1) }));
	}
}
