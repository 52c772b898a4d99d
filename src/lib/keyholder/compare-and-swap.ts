/**
 * Writing against other devices: of two writers one wins, the other verifies what won and applies
 * its intent again. Norm: docs/protocol.md, 10.
 */
import type { Bytes } from '#lib/encoding/bytes.ts';
import { isUnanswered, KeyholderError } from '#lib/keyholder/errors.ts';

/** Races that may be lost before the person is told. */
const MOST_RACES = 5;
/** Answers that may be lost: a connection that breaks twice in a row is not there. */
const MOST_LOSSES = 2;

/** A write that was sent and may have arrived. */
export interface Sent<Result> {
	/** SHA-256 of the manifest that it carried: where that hash is, the write is. */
	readonly hash: Bytes;
	readonly result: Result;
}

/** `conflict`: another device was faster; the head is what the server says now. */
type Reply<Head> =
	| { readonly outcome: 'stored'; readonly seq: number }
	| { readonly outcome: 'conflict'; readonly head: Head };

/** The intent, applied to the state as it stands now. */
export interface Attempt<Result, Head> extends Sent<Result> {
	readonly seq: number;
	send(): Promise<Reply<Head>>;
	/** Makes the state that was sent the state, once it was acknowledged. */
	adopt(): Promise<void>;
	/** Verifies and adopts what another device wrote. */
	catchUp(served?: Head): Promise<void>;
}

/**
 * Writes, at most five times over.
 *
 * An answer that was lost is a success if a manifest that was sent is the head or in the chain. If
 * it is not, the write is sent once more; a second loss is the caller's to tell.
 *
 * @param prepare returns the result itself where nothing is left to write.
 * @param hasArrived whether the manifest of this hash was met in the chain.
 * @param sent every attempt is added before it leaves, so that the caller can still recognise one
 * if this throws.
 * @returns undefined after five lost races.
 */
export async function compareAndSwap<Result, Head>(
	prepare: () => Promise<Attempt<Result, Head> | { readonly done: Result }>,
	hasArrived: (hash: Bytes) => boolean,
	sent: Sent<Result>[] = []
): Promise<{ readonly result: Result } | undefined> {
	const arrived = () => sent.find(({ hash }) => hasArrived(hash));
	let losses = 0;
	for (let race = 0; race < MOST_RACES; race++) {
		const attempt = await prepare();
		// Preparing may have caught up with the server.
		const earlier = arrived();
		if (earlier !== undefined) return earlier;
		if ('done' in attempt) return { result: attempt.done };
		sent.push({ hash: attempt.hash, result: attempt.result });
		const reply = await sendOnce(attempt);
		if (reply.outcome === 'stored') {
			await attempt.adopt();
			return { result: attempt.result };
		}
		await attempt.catchUp(reply.outcome === 'conflict' ? reply.head : undefined);
		const found = arrived();
		if (found !== undefined) return found;
		if (reply.outcome === 'lost' && ++losses === MOST_LOSSES) throw reply.error;
	}
	return undefined;
}

async function sendOnce<Head>(
	attempt: Attempt<unknown, Head>
): Promise<Reply<Head> | { readonly outcome: 'lost'; readonly error: Error }> {
	try {
		const reply = await attempt.send();
		if (reply.outcome === 'stored' && reply.seq !== attempt.seq) {
			throw new KeyholderError('integrity', 'stored at another seq than sent');
		}
		return reply;
	} catch (error) {
		if (isUnanswered(error)) return { outcome: 'lost', error };
		throw error;
	}
}
