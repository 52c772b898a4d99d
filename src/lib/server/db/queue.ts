/**
 * The write queue: one write at a time, in order, at most so many waiting.
 *
 * Concurrent transactions on one file fail or freeze the process, and a full queue that answers
 * "busy" at once is better than one that grows until nothing answers.
 */
import { ServerError } from '#lib/server/errors.ts';

const MAX_WAITING = 1_000;
const RETRY_SECONDS = 2;
/** A libSQL server whose primary, or whose network, is gone never answers. */
const DEADLINE_MS = 15_000;

export interface Queued {
	readonly waiting: number;
	readonly oldestMs: number;
}

export class WriteQueue {
	#last: Promise<unknown> = Promise.resolve();
	/** When each write was asked for, the oldest first. */
	readonly #askedMs: number[] = [];
	#closed = false;
	/** @param deadlineMs how long a write may take, or a read beside the queue. */
	constructor(readonly deadlineMs = DEADLINE_MS) {}

	/**
	 * Runs `write` after all that were asked for before it.
	 *
	 * @throws {ServerError} `busy` if too many wait, the queue is closed, or the write took too long.
	 * In the last case it may have happened, or still happen, like one whose answer was lost; a file
	 * is never that late, because its writes are done before they give way to a timer.
	 * @param deadlineMs infinite for a write to a file that does give way: the next one must not begin
	 * while its transaction is open.
	 */
	run<T>(write: () => Promise<T>, deadlineMs = this.deadlineMs): Promise<T> {
		if (this.#closed || this.#askedMs.length >= MAX_WAITING) {
			return Promise.reject(new ServerError('busy', 'the write queue is full', RETRY_SECONDS));
		}
		this.#askedMs.push(performance.now());
		const result = this.#last.then(() => within(write(), deadlineMs));
		this.#last = result.catch(() => undefined).finally(() => this.#askedMs.shift());
		return result;
	}

	/** How many writes are not done yet, and how long ago the oldest of them was asked for. */
	queued(): Queued {
		const [oldest] = this.#askedMs;
		const oldestMs = oldest === undefined ? 0 : performance.now() - oldest;
		return { waiting: this.#askedMs.length, oldestMs };
	}

	/** Takes no more writes; resolves when those that wait are done. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#last;
	}
}

/** `result`, unless it takes longer. @throws {ServerError} `busy` */
export async function within<T>(result: Promise<T>, deadlineMs: number): Promise<T> {
	if (deadlineMs === Infinity) return await result;
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			reject(new ServerError('busy', 'the database took too long', RETRY_SECONDS));
		}, deadlineMs);
	});
	try {
		return await Promise.race([result, late]);
	} finally {
		clearTimeout(timer);
	}
}
