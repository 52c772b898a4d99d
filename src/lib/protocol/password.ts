/** The password as bytes: UTF-8 of NFKC, never trimmed, never cut. Norm: docs/protocol.md, 2. */
import { isWellFormed, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';

export const PASSWORD_MIN_CODE_POINTS = 12;
export const PASSWORD_MAX_BYTES = 1_024;

type PasswordFault = 'too-short' | 'too-long' | 'not-text';

/**
 * What goes into Argon2id. No minimum: a password is judged when it is set, not when it is used.
 *
 * @throws {ProtocolError} `format` if too long or with a lone surrogate.
 */
export function passwordBytes(typed: string): Bytes {
	if (!isWellFormed(typed)) throw new ProtocolError('format', 'password has a lone surrogate');
	const bytes = utf8(typed.normalize('NFKC'));
	if (bytes.length > PASSWORD_MAX_BYTES) throw new ProtocolError('format', 'password is too long');
	return bytes;
}

/** Why `typed` cannot be set as a password, or undefined if it can. How strong it is, is another question. */
export function checkNewPassword(typed: string): PasswordFault | undefined {
	if (!isWellFormed(typed)) return 'not-text';
	const text = typed.normalize('NFKC');
	// They were made to be counted only.
	const bytes = utf8(text).fill(0);
	if (bytes.length > PASSWORD_MAX_BYTES) return 'too-long';
	return Array.from(text).length < PASSWORD_MIN_CODE_POINTS ? 'too-short' : undefined;
}
