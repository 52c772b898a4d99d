/**
 * The one form of an email address. Client and server apply the same rule to what was typed,
 * because the address is part of the salt: another form would be another key.
 *
 * The rule is not quite idempotent (`H` with U+0331 has no composed form, `h` with it has), so it
 * is applied once to what was typed. Norm: docs/protocol.md, 2.
 */
import { EncodingError, isWellFormed, utf8 } from '#lib/encoding/bytes.ts';

/** Longest email that travels: the rule's 254 bytes and some spaces around them. It is not cut. */
export const EMAIL_MAX_CHARACTERS = 320;
const MAX_BYTES = 254;
const FORBIDDEN = /[\p{Cc}\p{White_Space}]/u;

/** @throws {EncodingError} if `typed` cannot be an address. */
export function normaliseEmail(typed: string): string {
	if (!isWellFormed(typed)) throw new EncodingError('email has a lone surrogate');
	const email = stripSpaces(typed)
		.normalize('NFC')
		.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
	if (email.split('@').length !== 2) throw new EncodingError('email needs exactly one @');
	if (FORBIDDEN.test(email))
		throw new EncodingError('email has white space or a control character');
	if (utf8(email).length > MAX_BYTES) throw new EncodingError('email is longer than 254 bytes');
	return email;
}

/**
 * Only U+0020: what `trim` strips depends on the Unicode version. Loops, because `/ +$/` is
 * quadratic.
 */
function stripSpaces(text: string): string {
	let start = 0;
	let end = text.length;
	while (start < end && text[start] === ' ') start++;
	while (end > start && text[end - 1] === ' ') end--;
	return text.slice(start, end);
}
