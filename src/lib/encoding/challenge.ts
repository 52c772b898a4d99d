/**
 * The bytes that a client signs and a server verifies. Both sides build them from what they know
 * themselves, hence one layout here and no hashing: each side brings its own.
 * Norm: docs/protocol.md, 9.
 */
import { Writer } from '#lib/encoding/binary.ts';
import { EncodingError, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { label } from '#lib/encoding/label.ts';

export interface ChallengeFields {
	/** What the signature allows: 1 login, 2 sudo, 3 slots, 4 rotate, 5 export, 6 delete, 7 accept restore, 8 unlock. */
	readonly purpose: number;
	readonly account: Id;
	readonly slot: Id;
	/** 32 random bytes of the server. */
	readonly challenge: Bytes;
	readonly expiresAtMs: number;
	/** Scheme, host and port, as the browser says it: `https://vault.example.org`. */
	readonly origin: string;
	/** 32 bytes: the hash of {@link actionMessage}, or zeros for purposes 1 and 8. */
	readonly actionHash: Bytes;
}

/**
 * `M`, the message of a proof.
 *
 * @throws {EncodingError} on a field of another size.
 */
export function challengeMessage(fields: ChallengeFields): Bytes {
	if (fields.challenge.length !== 32) throw new EncodingError('a challenge has 32 bytes');
	if (fields.actionHash.length !== 32) throw new EncodingError('an action hash has 32 bytes');
	return new Writer()
		.bytes(label('auth'))
		.u8(0)
		.u8(fields.purpose)
		.id(fields.account)
		.id(fields.slot)
		.bytes(fields.challenge)
		.u64(fields.expiresAtMs)
		.prefixed(utf8(fields.origin))
		.bytes(fields.actionHash)
		.done();
}

/** What the action hash is the SHA-256 of: the one request that a proof allows. */
export function actionMessage(method: string, pathAndQuery: string, bodyHash: Bytes): Bytes {
	if (bodyHash.length !== 32) throw new EncodingError('a body hash has 32 bytes');
	return new Writer()
		.bytes(label('action'))
		.u8(0)
		.prefixed(utf8(method))
		.prefixed(utf8(pathAndQuery))
		.bytes(bodyHash)
		.done();
}
