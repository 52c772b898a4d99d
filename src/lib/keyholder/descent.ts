/** Whether what is served continues what this device knows. Norm: docs/protocol.md, 7 and 9. */
import { sha256 } from '#lib/crypto/hash.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { ChainPin } from '#lib/keyholder/pins.ts';
import { follow, type ChainPoint } from '#lib/protocol/chain.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';

/** Before the first manifest: its `prev`. */
export const BEGINNING: ChainPoint = { seq: 0, head: new Uint8Array(32) };

export interface Known {
	/** What the server was asked to answer from: its chain starts there. */
	readonly from: ChainPoint;
	/** As it was read before the request was sent. One below `from` adds nothing to it. */
	readonly pin: ChainPin | undefined;
}

export interface Served extends ChainPoint {
	readonly prev: Bytes;
	readonly generation: number;
}

/**
 * Checks that `served` descends from `known.from` and from the pin. The pin is looked for among
 * the heads that the chain passes, not counted to: accepting a restored backup jumps over seqs.
 *
 * @param chain as the server sent it, from `known.from` to the manifest before the served one.
 * @throws {KeyholderError} `rollback` if older than the pin, by seq or by generation; `fork` if it
 * does not lead there.
 */
export async function checkDescent(
	{ from, pin }: Known,
	served: Served,
	chain: readonly Bytes[]
): Promise<void> {
	await followed(from, served, chain);
	if (pin !== undefined && pin.seq >= from.seq) {
		await followed(pin, served, chain.slice(await lengthTo(pin, from, chain)));
	}
	if (served.generation < (pin?.generation ?? 0)) {
		throw new KeyholderError('rollback', 'a generation below the pinned one');
	}
}

/** How many hashes of `chain` lead to `pin`; all of them if it is not passed, which `follow` refuses. */
async function lengthTo(
	pin: ChainPoint,
	from: ChainPoint,
	chain: readonly Bytes[]
): Promise<number> {
	let reached = from.head;
	for (const [index, hash] of chain.entries()) {
		if (equal(reached, pin.head)) return index;
		reached = await sha256(reached, hash);
	}
	return chain.length;
}

async function followed(known: ChainPoint, served: Served, chain: readonly Bytes[]): Promise<void> {
	try {
		await follow(known, served, chain);
	} catch (error) {
		if (!(error instanceof ProtocolError)) throw error;
		throw new KeyholderError(error.code, error.message, {
			expectedSeq: known.seq,
			servedSeq: served.seq
		});
	}
}
