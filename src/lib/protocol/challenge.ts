/** Proving who one is: what a slot's key signs. Norm: docs/protocol.md, 9. */
import { sha256 } from '#lib/crypto/hash.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import * as encoding from '#lib/encoding/challenge.ts';
import { orFormat, ProtocolError } from '#lib/protocol/errors.ts';

/** What a signature allows, and nothing else. */
const PROOF_PURPOSE = {
	login: 1,
	sudo: 2,
	slots: 3,
	rotate: 4,
	export: 5,
	delete: 6,
	acceptRestore: 7,
	unlock: 8
} as const;

const HOUR_MS = 3_600_000;

/**
 * The message to sign. Purposes 1 and 8 allow no request, so they take no action hash; all others
 * need one.
 *
 * @throws {ProtocolError} `unsupported` for an unknown purpose, `format` for a field of another size.
 */
export function challengeMessage(
	fields: Omit<encoding.ChallengeFields, 'actionHash'> & { readonly actionHash?: Bytes }
): Bytes {
	const { purpose, actionHash } = fields;
	if (!Object.values<number>(PROOF_PURPOSE).includes(purpose)) {
		throw new ProtocolError('unsupported', 'unknown purpose of a proof');
	}
	const bare = purpose === PROOF_PURPOSE.login || purpose === PROOF_PURPOSE.unlock;
	if (bare !== (actionHash === undefined)) {
		throw new ProtocolError('format', 'action hash does not fit the purpose');
	}
	return orFormat(() =>
		encoding.challengeMessage({ ...fields, actionHash: actionHash ?? new Uint8Array(32) })
	);
}

/** Binds a proof to one request. `body` are the bytes that are sent, empty if none. */
export async function actionHash(
	method: string,
	pathAndQuery: string,
	body: Bytes
): Promise<Bytes> {
	const bodyHash = await sha256(body);
	return sha256(orFormat(() => encoding.actionMessage(method, pathAndQuery, bodyHash)));
}

/**
 * Refuses a challenge that ends more than an hour from `nowMs`, before or after: a signature for
 * it could be kept and used later.
 *
 * @throws {ProtocolError} `clock`: most often one of the two clocks is wrong.
 */
export function checkExpiry(expiresAtMs: number, nowMs: number): void {
	if (Math.abs(expiresAtMs - nowMs) > HOUR_MS) {
		throw new ProtocolError('clock', 'challenge ends too far from now');
	}
}
