/**
 * Crockford's base32: what people copy by hand. No `I L O U`; `I` and `L` are read as 1, `O` as 0,
 * lower case as upper case (https://www.crockford.com/base32.html).
 *
 * Only whole groups of 5 bytes, which are 8 symbols: then no bits are unused, and every byte
 * string has one canonical text.
 */
import { EncodingError, type Bytes } from '#lib/encoding/bytes.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** @throws {EncodingError} unless the bits fill whole symbols. */
export function encode(bytes: Uint8Array): string {
	if ((bytes.length * 8) % 5 !== 0) throw new EncodingError('bits do not fill whole symbols');
	let text = '';
	let held = 0;
	let bits = 0;
	for (const byte of bytes) {
		bits = ((bits << 8) | byte) & 0xfff;
		for (held += 8; held >= 5; held -= 5) text += symbol(bits >> (held - 5));
	}
	return text;
}

/** The first 20 bits of `bytes` as four symbols. */
export function encode20(bytes: Uint8Array): string {
	const bits = ((bytes[0] ?? 0) << 12) | ((bytes[1] ?? 0) << 4) | ((bytes[2] ?? 0) >> 4);
	return symbol(bits >> 15) + symbol(bits >> 10) + symbol(bits >> 5) + symbol(bits);
}

/** The canonical symbols of typed text, or undefined if one is none. ASCII only: `ı` is not `I`. */
export function canonical(typed: string): string | undefined {
	const text = typed
		.replace(/[a-z]/g, (letter) => letter.toUpperCase())
		.replace(/O/g, '0')
		.replace(/[IL]/g, '1');
	return /^[0-9A-HJKMNP-TV-Z]*$/.test(text) ? text : undefined;
}

/** @throws {EncodingError} if a symbol is not canonical or bits are left over. */
export function decode(text: string): Bytes {
	if ((text.length * 5) % 8 !== 0) throw new EncodingError('symbols do not fill whole bytes');
	const bytes = new Uint8Array((text.length * 5) / 8);
	let out = 0;
	let held = 0;
	let bits = 0;
	for (const character of text) {
		const value = ALPHABET.indexOf(character);
		if (value < 0) throw new EncodingError('not Crockford base32');
		bits = ((bits << 5) | value) & 0xfff;
		held += 5;
		if (held < 8) continue;
		held -= 8;
		bytes[out++] = bits >> held;
	}
	return bytes;
}

function symbol(bits: number): string {
	return ALPHABET.charAt(bits & 31);
}
