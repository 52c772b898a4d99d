/**
 * The order of writes. To a file one at a time, at most so many waiting: concurrent transactions on
 * one fail or freeze the process, and a full queue that answers "busy" at once is better than one
 * that grows until nothing answers. A libSQL server has lanes.ts.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ServerError, UnansweredError } from '#lib/server/errors.ts';

export const MAX_WAITING = 1_000;
const RETRY_SECONDS = 2;
/** Of a file nothing is that late; it ends what hangs all the same. */
const DEADLINE_MS = 15_000;

export interface Queued {
	readonly waiting: number;
	readonly oldestMs: number;
}

export interface WriteOrder {
	/** How long a write may take, or a read beside the order. */
	readonly deadlineMs: number;
	/**
	 * Runs `write` when it is its turn.
	 *
	 * @param chains what the write goes on from: of two with a common one, the second comes after.
	 * @throws {ServerError} `busy` if too many wait, no more are taken, or it took too long.
	 */
	run<T>(write: () => Promise<T>, deadlineMs?: number, chains?: readonly string[]): Promise<T>;
	/** How many writes are not done yet, and how long ago the oldest of them was asked for. */
	queued(): Queued;
	/** Takes no more writes; resolves when those that wait are done. */
	close(): Promise<void>;
}

export class WriteQueue implements WriteOrder {
	#last: Promise<unknown> = Promise.resolve();
	/** When each write was asked for, the oldest first. */
	readonly #askedMs: number[] = [];
	#closed = false;

	constructor(readonly deadlineMs = DEADLINE_MS) {}

	/**
	 * Runs `write` after all that were asked for before it, and after whatever else has come meanwhile:
	 * hundreds of writes in one go would keep everybody waiting. A file is never late: once begun, its
	 * writes are done before they give way to a timer.
	 *
	 * @param deadlineMs infinite for a write that does give way: the next one must not begin while its
	 * transaction is open.
	 */
	run<T>(write: () => Promise<T>, deadlineMs = this.deadlineMs): Promise<T> {
		if (this.#closed || this.#askedMs.length >= MAX_WAITING) return Promise.reject(full());
		this.#askedMs.push(performance.now());
		const result = this.#last.then(() => nextTurn()).then(() => within(write(), deadlineMs));
		this.#last = result.catch(() => undefined).finally(() => this.#askedMs.shift());
		return result;
	}

	queued(): Queued {
		return queuedSince(this.#askedMs);
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.#last;
	}
}

/** @param askedMs when each was asked for, the oldest first. */
export function queuedSince(askedMs: readonly number[]): Queued {
	const [oldest] = askedMs;
	const oldestMs = oldest === undefined ? 0 : performance.now() - oldest;
	return { waiting: askedMs.length, oldestMs };
}

export function full(): ServerError {
	return new ServerError('busy', 'the write queue is full', RETRY_SECONDS);
}

/** `result`, unless it takes longer. @throws {ServerError} `busy` */
export async function within<T>(result: Promise<T>, deadlineMs: number): Promise<T> {
	if (deadlineMs === Infinity) return await result;
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			reject(new UnansweredError('busy', 'the database took too long', RETRY_SECONDS));
		}, deadlineMs);
	});
	try {
		return await Promise.race([result, late]);
	} finally {
		clearTimeout(timer);
	}
}
