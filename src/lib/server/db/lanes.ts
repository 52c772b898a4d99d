/**
 * The order of writes to a libSQL server, which keeps order itself: many at once, but those of one
 * chain one after another, because each goes on from the one before. What has not begun in
 * time never does: where the server is gone for a while, nothing piles up for its return.
 */
import {
	full,
	MAX_WAITING,
	queuedSince,
	within,
	type Queued,
	type WriteOrder
} from '#lib/server/db/queue.ts';

/** Longer than a busy server takes; whoever waits for one that is gone is told soon. */
const DEADLINE_MS = 10_000;
/** How many deadlines a write may wait for its turn: those before it may each take long, and be done. */
const PATIENCE = 3;
const AT_ONCE = 64;

interface Asked {
	readonly atMs: number;
	overdue: boolean;
}

export class WriteLanes implements WriteOrder {
	/** What is not done yet, in the order in which it was asked for, and when it will be. */
	readonly #asked = new Map<Asked, Promise<void>>();
	/** The last write of each chain. */
	readonly #lanes = new Map<string, Promise<void>>();
	/** What waits for a place, the first first. */
	readonly #waiting: (() => void)[] = [];
	#running = 0;
	#closed = false;

	constructor(readonly deadlineMs = DEADLINE_MS) {}

	async run<T>(
		write: () => Promise<T>,
		deadlineMs = this.deadlineMs,
		chains: readonly string[] = []
	): Promise<T> {
		if (this.#closed || this.#asked.size >= MAX_WAITING) throw full();
		const asked: Asked = { atMs: performance.now(), overdue: false };
		const turn = this.#turn(chains);
		const work = turn.then(() => {
			if (asked.overdue) throw full();
			return write();
		});
		// Whoever asked may have gone by then; the lane is free when the write is done.
		const done: Promise<void> = work
			.catch(() => undefined)
			.then(() => {
				this.#leave();
				this.#asked.delete(asked);
				for (const chain of chains) if (this.#lanes.get(chain) === done) this.#lanes.delete(chain);
			});
		this.#asked.set(asked, done);
		for (const chain of chains) this.#lanes.set(chain, done);
		try {
			await within(turn, PATIENCE * deadlineMs);
			return await within(work, deadlineMs);
		} finally {
			asked.overdue = true;
		}
	}

	queued(): Queued {
		return queuedSince([...this.#asked.keys()].map(({ atMs }) => atMs));
	}

	async close(): Promise<void> {
		this.#closed = true;
		await Promise.all(this.#asked.values());
	}

	/** Resolves when the write may begin: it has a place then. */
	async #turn(chains: readonly string[]): Promise<void> {
		await Promise.all(chains.flatMap((chain) => this.#lanes.get(chain) ?? []));
		if (this.#running < AT_ONCE) this.#running++;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
	}

	/** Whoever waits takes the place over. */
	#leave(): void {
		const next = this.#waiting.shift();
		if (next === undefined) this.#running--;
		else next();
	}
}
