/**
 * The keyholder's one error. The code picks the sentence that a person reads; the message is for a
 * log, holds no user data, and nothing of it ever comes from a server's text.
 */
import { ApiError, type ApiErrorCode } from '#lib/api/client.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { EncodingError } from '#lib/encoding/bytes.ts';
import { ItemError } from '#lib/items/key.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';

/**
 * Of the protocol (docs/protocol.md, 11), final until the account is unlocked anew:
 * `kdf-refused`: the server asked for a profile that is unknown or below the pinned one.
 * `format`, `unsupported`, `integrity`: what was served is malformed, of a newer version, not genuine.
 * `rollback`, `fork`: older than what this device saw, or of another history.
 * `pins-lost`: what this device remembers of the account was erased or set back while it was unlocked.
 * `clock`: the server's clock and this device's are more than an hour apart.
 *
 * Of the server: `auth`: the session has ended, or another device has replaced the account's keys.
 * `proof`: this needs the password again.
 * `second-factor`: a code is needed, or was wrong.   `link`: the mailed link is not good any more.
 * `taken`: the email has an account already.
 * `setup-code`: the first account needs the code from the server's log.
 * `quota`: the account would hold more than the server lets one hold.
 * `offline`: no answer came.   `limited`: too many tries.   `busy`, `failed`: it could not, just now.
 *
 * Of the caller: `locked`: nothing is unlocked, or it was locked meanwhile.   `invalid`: what was
 * typed is not an email or a password.   `unreadable`: an edit of a key that this version cannot read.
 * `gone`: the key was deleted.   `full`: no room for more keys.
 * `kit`: what was typed is no recovery kit, or has a slip of the pen in it.
 * `rotate-first`: opened with a recovery kit, or what was restored holds old keys: the account key is
 * replaced before anything else is written.   `no-email`: the email is needed and was not typed.
 * `too-large`: one key, or all that was to be saved at once, is over its limit.
 */
export type KeyholderErrorCode =
	| 'kdf-refused'
	| 'format'
	| 'unsupported'
	| 'integrity'
	| 'rollback'
	| 'fork'
	| 'pins-lost'
	| 'clock'
	| 'auth'
	| 'proof'
	| 'second-factor'
	| 'link'
	| 'taken'
	| 'setup-code'
	| 'offline'
	| 'limited'
	| 'busy'
	| 'failed'
	| 'locked'
	| 'invalid'
	| 'unreadable'
	| 'gone'
	| 'full'
	| 'kit'
	| 'rotate-first'
	| 'no-email'
	| 'too-large'
	| 'quota';

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

/** What only a server that does not keep to the protocol can cause: nothing is asked of it any more. */
const FINAL: ReadonlySet<KeyholderErrorCode> = new Set([
	'kdf-refused',
	'format',
	'unsupported',
	'integrity',
	'rollback',
	'fork',
	'pins-lost',
	'clock'
]);

export function isFinal(error: KeyholderError): boolean {
	return FINAL.has(error.code) && !(error instanceof SecretError);
}

/**
 * The fault lies in the bytes of one secret, which its sheet names by hash: what the account
 * consists of is still verified, and other keys may be read. It ends nothing.
 */
export class SecretError extends KeyholderError {}

/**
 * Any error below as the one of this layer. What is none of them is a fault of the program or of a
 * port, and stays what it is.
 */
export function keyholderError(error: unknown): unknown {
	if (error instanceof ApiError) return ofServer(error);
	if (error instanceof CryptoError || error instanceof ProtocolError) {
		return new KeyholderError(error.code, error.message);
	}
	if (error instanceof EncodingError) return new KeyholderError('format', error.message);
	if (error instanceof ItemError) return ofItem(error);
	return error;
}

/** `offline` and `failed` leave open whether a write arrived; every other refusal says that it did not. */
export function isUnanswered(error: unknown): error is ApiError {
	return error instanceof ApiError && (error.code === 'offline' || error.code === 'failed');
}

/** Whether the server said exactly `code`. */
export function isProblem(error: unknown, code: ApiErrorCode): boolean {
	return error instanceof ApiError && error.code === code;
}

function ofServer({ code, retryAfterSeconds, number }: ApiError): KeyholderError {
	const detail = {
		...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
		...(number === undefined ? {} : { number })
	};
	return new KeyholderError(codeOfProblem(code), `the server answered ${code}`, detail);
}

function codeOfProblem(code: ApiErrorCode): KeyholderErrorCode {
	switch (code) {
		case 'offline':
		case 'format':
		case 'auth':
		case 'proof':
		case 'second-factor':
		case 'link':
		case 'taken':
		case 'setup-code':
		case 'limited':
		case 'busy':
		case 'failed':
		case 'too-large':
		case 'quota':
			return code;
		case 'malformed':
		case 'media-type':
		case 'origin':
		case 'not-found':
		case 'method':
		case 'closed':
			return 'failed';
	}
}

function ofItem({ code, message, size }: ItemError): KeyholderError {
	switch (code) {
		case 'format':
		case 'unsupported':
			return new KeyholderError(code, message);
		case 'empty':
			return new KeyholderError('invalid', message);
		case 'entry-too-large':
		case 'secret-too-large':
		case 'too-many':
			return new KeyholderError(
				'too-large',
				message,
				size === undefined ? {} : { size: size.is, limit: size.limit }
			);
	}
}
