/** Whether what is served continues what this device knows. Norm: docs/protocol.md, 7 and 9. */
import { sha256 } from '#lib/crypto/hash.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { ChainPin } from '#lib/keyholder/pins.ts';
import { follow, type ChainPoint } from '#lib/protocol/chain.ts';
import { demand, ProtocolError } from '#lib/protocol/errors.ts';

/** Before the first manifest: its `prev`. */
export const BEGINNING: ChainPoint = { seq: 0, head: new Uint8Array(32) };

/**
 * Every head that was passed and verified since unlocking began. What another tab has pinned
 * meanwhile must be among them, or still to come: else the two were shown different histories.
 */
export class Trail {
	readonly #heads = new Set<string>();

	add(heads: Iterable<Bytes>): void {
		for (const head of heads) this.#heads.add(encode(head));
	}

	has(head: Bytes): boolean {
		return this.#heads.has(encode(head));
	}
}

export interface Known {
	/**
	 * Where the chain was asked to begin. Undefined for a device that knows nothing of it: then none
	 * was asked for, because there is nothing that it could lead from.
	 */
	readonly from: ChainPoint | undefined;
	/** As it was read before the request was sent. One below `from` adds nothing to it. */
	readonly pin: ChainPin | undefined;
	/** Gets the heads on the way, once they are verified. */
	readonly trail: Trail;
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
 * @throws {KeyholderError | ProtocolError} `rollback` if older than the pin, by seq or by generation;
 * `fork` if it does not lead there; `integrity` for a chain where none can be.
 */
export async function checkDescent(
	{ from, pin, trail }: Known,
	served: Served,
	chain: readonly Bytes[]
): Promise<void> {
	if (from === undefined) demand(chain.length === 0, 'a chain that was not asked for');
	else await followed(from, served, chain);
	const passed = from === undefined ? [] : await headsAlong(from, chain);
	if (pin !== undefined && pin.seq >= (from?.seq ?? 0)) {
		const index = passed.findIndex((head) => equal(head, pin.head));
		// All of the chain if the pin is not passed, which `follow` refuses.
		await followed(pin, served, chain.slice(index === -1 ? chain.length : index));
	}
	if (served.generation < (pin?.generation ?? 0)) {
		throw new KeyholderError('rollback', 'a generation below the pinned one');
	}
	trail.add(passed);
	trail.add([served.head]);
}

/** The heads that `chain` passes, `from` included. */
async function headsAlong(from: ChainPoint, chain: readonly Bytes[]): Promise<Bytes[]> {
	let reached = from.head;
	const heads = [reached];
	for (const hash of chain) {
		reached = await sha256(reached, hash);
		heads.push(reached);
	}
	return heads;
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
