/**
 * Memory that requests may hold at the same time, counted in bytes: for everybody together, and for
 * each account a share, so that nobody's slow or stalled requests leave the others nothing.
 *
 * A body that does not fit is refused at once: it is on its way already. An answer waits for room, for
 * a while: most of what is before it is sent in less. What waits counts for its account's share, and
 * few of one account may wait, so that nobody fills the line alone.
 */
import { COMMIT_BODY_BYTES, LIST_ANSWER_BYTES } from '#lib/api/limits.ts';
import { ServerError } from '#lib/server/errors.ts';

const RETRY_SECONDS = 5;
/** A request that waits holds a connection. */
const WAITS_MS = 20_000;
const MOST_WAITING = 256;
/** Enough for somebody's devices. */
const MOST_WAITING_OF_ONE = 16;

interface Bounds {
	readonly totalBytes: number;
	readonly shareBytes: number;
}

/** Bodies of commits. Parsed and wrapped, one costs about four times its bytes. */
export const BODIES: Bounds = {
	totalBytes: 8 * COMMIT_BODY_BYTES,
	shareBytes: 2 * COMMIT_BODY_BYTES
};

/** Records that were read to be answered. The largest vault fits into a share. */
export const ANSWERS: Bounds = {
	totalBytes: 1.5 * LIST_ANSWER_BYTES,
	shareBytes: LIST_ANSWER_BYTES
};

/**
 * Counts bytes of one request, once there is room for them; they are given back together.
 *
 * @throws {ServerError} `busy`
 */
export type Claim = (sizeBytes: number) => Promise<void>;

/** Gives back what was counted. Calling it again does nothing. */
type Release = () => void;

interface Waiting {
	readonly whom: string;
	readonly sizeBytes: number;
	/** The room is counted for it by then. */
	readonly goOn: () => void;
}

export class Budget {
	readonly #bounds: Bounds;
	/** What each account holds or waits for. */
	readonly #shares = new Map<string, number>();
	/** In the order in which they came. */
	readonly #waiting = new Set<Waiting>();
	#heldBytes = 0;

	constructor(bounds: Bounds) {
		this.#bounds = bounds;
	}

	/**
	 * Counts `sizeBytes` for `whom`, now.
	 *
	 * @throws {ServerError} `busy`
	 */
	take(whom: string, sizeBytes: number): Release {
		const leave = this.#join(whom, sizeBytes);
		if (this.#hold(sizeBytes)) return this.#release(leave, sizeBytes);
		leave();
		throw full();
	}

	/**
	 * The same, as soon as there is room. What is too large for it holds up nothing that is not.
	 *
	 * @throws {ServerError} `busy` if the share is used up, too many wait, or it takes too long.
	 */
	async wait(whom: string, sizeBytes: number): Promise<Release> {
		const leave = this.#join(whom, sizeBytes);
		if (this.#hold(sizeBytes) || (await this.#room(whom, sizeBytes))) {
			return this.#release(leave, sizeBytes);
		}
		leave();
		throw full();
	}

	/** Takes a part of the account's share. @returns what gives that back. */
	#join(whom: string, sizeBytes: number): Release {
		const share = this.#shares.get(whom) ?? 0;
		if (share + sizeBytes > this.#bounds.shareBytes) throw full();
		this.#shares.set(whom, share + sizeBytes);
		return () => {
			const rest = (this.#shares.get(whom) ?? 0) - sizeBytes;
			if (rest > 0) this.#shares.set(whom, rest);
			else this.#shares.delete(whom);
		};
	}

	/** @returns whether it fits, and is counted. */
	#hold(sizeBytes: number): boolean {
		if (this.#heldBytes + sizeBytes > this.#bounds.totalBytes) return false;
		this.#heldBytes += sizeBytes;
		return true;
	}

	/** @returns whether it came to fit in time, and is counted. */
	async #room(whom: string, sizeBytes: number): Promise<boolean> {
		const own = [...this.#waiting].filter((waiting) => waiting.whom === whom).length;
		if (this.#waiting.size >= MOST_WAITING || own >= MOST_WAITING_OF_ONE) return false;
		return await new Promise((resolve) => {
			const end = (fits: boolean) => {
				clearTimeout(timer);
				this.#waiting.delete(waiting);
				resolve(fits);
			};
			const timer = setTimeout(end, WAITS_MS, false).unref();
			const waiting = {
				whom,
				sizeBytes,
				goOn: () => {
					end(true);
				}
			};
			this.#waiting.add(waiting);
		});
	}

	#release(leave: Release, sizeBytes: number): Release {
		let held = true;
		return () => {
			if (!held) return;
			held = false;
			leave();
			this.#heldBytes -= sizeBytes;
			for (const waiting of this.#waiting) if (this.#hold(waiting.sizeBytes)) waiting.goOn();
		};
	}
}

function full(): ServerError {
	return new ServerError('busy', 'too many bytes are in flight', RETRY_SECONDS);
}
