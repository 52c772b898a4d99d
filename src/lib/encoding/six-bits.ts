/**
 * Base64url by hand, for browsers whose engine does not do it: six bits a character, without
 * padding. {@link file://./base64url.ts} is what everybody else calls.
 */
import { EncodingError, type Bytes } from '#lib/encoding/bytes.ts';

/** Code of the character whose value is zero. */
const ZERO = 0x41;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CODES = /* @__PURE__ */ Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));

/** Of a character that does not belong here: no value of six bits has these two. */
const INVALID = 0b1100_0000;
const VALUES = /* @__PURE__ */ valuesByCode();

const ASCII = /* @__PURE__ */ new TextDecoder();

/** One code after another, then one text of all. */
export function toSixBits(bytes: Uint8Array): string {
	const codes = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
	let out = 0;
	for (let i = 0; i < bytes.length; i += 3) {
		const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
		// Writes past the end of a typed array do nothing, which cuts the last group.
		codes[out++] = CODES[group >> 18] ?? 0;
		codes[out++] = CODES[(group >> 12) & 63] ?? 0;
		codes[out++] = CODES[(group >> 6) & 63] ?? 0;
		codes[out++] = CODES[group & 63] ?? 0;
	}
	return ASCII.decode(codes);
}

/**
 * Reverses {@link toSixBits}. Looks at the characters as bytes and at their faults once, at the end:
 * opening a vault decodes megabytes, and a branch for every character would cost more than AES.
 *
 * @throws {EncodingError} on a foreign character, padding, white space or unused bits that are set.
 */
export function fromSixBits(text: string): Bytes {
	const codes = new TextEncoder().encode(text);
	const rest = codes.length % 4;
	if (rest === 1) throw new EncodingError('not base64url');
	const bytes = new Uint8Array(Math.floor((codes.length * 3) / 4));
	let faults = 0;
	let out = 0;
	for (let i = 0; i < codes.length; i += 4) {
		// Reads past the end give the value zero; writes past the end do nothing.
		const a = VALUES[codes[i] ?? ZERO] ?? 0;
		const b = VALUES[codes[i + 1] ?? ZERO] ?? 0;
		const c = VALUES[codes[i + 2] ?? ZERO] ?? 0;
		const d = VALUES[codes[i + 3] ?? ZERO] ?? 0;
		faults |= a | b | c | d;
		bytes[out++] = (a << 2) | (b >> 4);
		bytes[out++] = (b << 4) | (c >> 2);
		bytes[out++] = (c << 6) | d;
	}
	if ((faults & INVALID) !== 0) throw new EncodingError('not base64url');
	const last = VALUES[codes[codes.length - 1] ?? ZERO] ?? 0;
	const unused = rest === 2 ? 0b1111 : rest === 3 ? 0b11 : 0;
	if ((last & unused) !== 0) throw new EncodingError('base64url is not canonical');
	return bytes;
}

function valuesByCode(): Uint8Array {
	const values = new Uint8Array(256).fill(INVALID);
	for (let value = 0; value < ALPHABET.length; value++) values[ALPHABET.charCodeAt(value)] = value;
	return values;
}
