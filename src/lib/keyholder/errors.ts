/**
 * The keyholder's one error. The code picks the sentence that a person reads; the message is for a
 * log, holds no user data, and nothing of it ever comes from a server's text.
 */
import { ApiError } from '#lib/api/client.ts';

/**
 * Of the protocol (docs/protocol.md, 11), final until the account is unlocked anew:
 * `kdf-refused`: the server asked for a profile that is unknown or below the pinned one.
 * `format`, `unsupported`, `integrity`: what was served is malformed, of a newer version, not genuine.
 * `rollback`, `fork`: older than what this device saw, or of another history.
 * `clock`: the server's clock and this device's are more than an hour apart.
 *
 * Of the server: `auth`: the session has ended.   `proof`: the export needs the password again.
 * `offline`: no answer came.   `limited`: too many tries.   `busy`, `failed`: it could not, just now.
 *
 * Of the caller: `locked`: nothing is unlocked, or it was locked meanwhile.   `invalid`: what was
 * typed is not an email or a password.   `gone`: the key was deleted.   `full`: no room for more keys.
 * `too-large`: one key, or all that was to be saved at once, is over its limit.
 */
export type KeyholderErrorCode =
	| 'kdf-refused'
	| 'format'
	| 'unsupported'
	| 'integrity'
	| 'rollback'
	| 'fork'
	| 'clock'
	| 'auth'
	| 'proof'
	| 'offline'
	| 'limited'
	| 'busy'
	| 'failed'
	| 'locked'
	| 'invalid'
	| 'gone'
	| 'full'
	| 'too-large';

/** Figures for a sentence. Never text of a server, but for its log reference of hex digits. */
export interface KeyholderErrorDetail {
	/** The seq this device had seen, and the one that was served. */
	readonly expectedSeq?: number;
	readonly servedSeq?: number;
	readonly retryAfterSeconds?: number;
	/** The server's reference for its log, `[0-9a-f]{1,16}`. */
	readonly number?: string;
	/** Bytes or counts of what was too much, and the limit. */
	readonly size?: number;
	readonly limit?: number;
}

export class KeyholderError extends Error {
	override readonly name = 'KeyholderError';
	constructor(
		readonly code: KeyholderErrorCode,
		message: string,
		readonly detail: KeyholderErrorDetail = {}
	) {
		super(message);
	}
}
