/**
 * Base64url without padding (RFC 4648, section 5), canonical only: every byte string has exactly
 * one text, so what was compared as text was compared as bytes.
 */
import { EncodingError, type Bytes } from '#lib/encoding/bytes.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const INVALID = 255;
const VALUES = new Uint8Array(128).fill(INVALID);
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

const ASCII = new TextDecoder();

/** One code after another, then one text of all: a server writes vaults of many megabytes so. */
export function encode(bytes: Uint8Array): string {
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

/** @throws {EncodingError} on a foreign character, padding, white space or unused bits that are set. */
export function decode(text: string): Bytes {
	const rest = text.length % 4;
	if (rest === 1) throw new EncodingError('not base64url');
	const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
	let out = 0;
	let bits = 0;
	let held = 0;
	for (let i = 0; i < text.length; i++) {
		const value = VALUES[text.charCodeAt(i)] ?? INVALID;
		if (value === INVALID) throw new EncodingError('not base64url');
		bits = ((bits << 6) | value) & 0xffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			bytes[out++] = (bits >> held) & 255;
		}
	}
	if ((bits & ((1 << held) - 1)) !== 0) throw new EncodingError('base64url is not canonical');
	return bytes;
}
