/**
 * Chains: every manifest carries the head before it, so what a device once saw is an ancestor of
 * all that it accepts later. Norm: docs/protocol.md, 7.
 */
import { sha256 } from '#lib/crypto/hash.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { demand, ProtocolError } from '#lib/protocol/errors.ts';

/** A place that a device has verified, or that a server says is the newest. */
export interface ChainPoint {
	readonly seq: number;
	/** 32 bytes, from {@link head}. */
	readonly head: Bytes;
}

/** The head of a chain that ends with `wrapped`, the whole wrapped manifest. */
export async function head(prev: Bytes, wrapped: Bytes): Promise<Bytes> {
	return headAfter(prev, await sha256(wrapped));
}

/** The same from the wrapped manifest's SHA-256. */
export async function headAfter(prev: Bytes, hash: Bytes): Promise<Bytes> {
	return sha256(prev, hash);
}

/**
 * Checks that `served`, an opened manifest's seq, prev and head, continues `pin`.
 *
 * @param chain SHA-256 of each wrapped manifest strictly between the two, ascending. Its length is
 * not compared with the seqs: accepting a restored backup jumps, and only the true hashes lead
 * from the pin to `prev` anyway.
 * @throws {ProtocolError} `rollback` if older than the pin, `fork` if it is no descendant, `integrity`
 * for hashes that lead nowhere: nobody could check them, and a caller looks for its own among them.
 */
export async function follow(
	pin: ChainPoint,
	served: ChainPoint & { readonly prev: Bytes },
	chain: readonly Bytes[]
): Promise<void> {
	if (served.seq < pin.seq) throw new ProtocolError('rollback', 'older than what was seen');
	if (served.seq === pin.seq) {
		if (!equal(served.head, pin.head))
			throw new ProtocolError('fork', 'another manifest of this seq');
		demand(chain.length === 0, 'a chain from a manifest to itself');
		return;
	}
	let reached = pin.head;
	for (const hash of chain) reached = await headAfter(reached, hash);
	if (!equal(reached, served.prev)) throw new ProtocolError('fork', 'not a descendant of the pin');
}
