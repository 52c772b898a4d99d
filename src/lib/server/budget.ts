/**
 * Memory that requests may hold at the same time, counted in bytes: for everybody together, and for
 * each account a share, so that nobody's slow or stalled requests leave the others nothing.
 *
 * What does not fit is refused at once: a request that waits for memory holds a connection, and
 * those who stall would fill the line.
 */
import { COMMIT_BODY_BYTES, LIST_ANSWER_BYTES } from '#lib/api/limits.ts';
import { ServerError } from '#lib/server/errors.ts';

const RETRY_SECONDS = 5;

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
	totalBytes: 2.5 * LIST_ANSWER_BYTES,
	shareBytes: LIST_ANSWER_BYTES
};

/** Counts bytes of one request; they are given back together. */
export type Claim = (sizeBytes: number) => void;

export class Budget {
	readonly #bounds: Bounds;
	readonly #shares = new Map<string, number>();
	#heldBytes = 0;

	constructor(bounds: Bounds) {
		this.#bounds = bounds;
	}

	/**
	 * Counts `sizeBytes` for `whom`.
	 *
	 * @returns what gives them back. Calling it again does nothing.
	 * @throws {ServerError} `busy`
	 */
	take(whom: string, sizeBytes: number): () => void {
		const share = this.#shares.get(whom) ?? 0;
		const { totalBytes, shareBytes } = this.#bounds;
		if (share + sizeBytes > shareBytes || this.#heldBytes + sizeBytes > totalBytes) {
			throw new ServerError('busy', 'too many bytes are in flight', RETRY_SECONDS);
		}
		this.#shares.set(whom, share + sizeBytes);
		this.#heldBytes += sizeBytes;
		let held = true;
		return () => {
			if (held) this.#giveBack(whom, sizeBytes);
			held = false;
		};
	}

	#giveBack(whom: string, sizeBytes: number): void {
		this.#heldBytes -= sizeBytes;
		const rest = (this.#shares.get(whom) ?? 0) - sizeBytes;
		if (rest > 0) this.#shares.set(whom, rest);
		else this.#shares.delete(whom);
	}
}
