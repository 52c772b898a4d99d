/**
 * Bytes: the one type for binary data, and the few operations that everything shares.
 */

/** Bytes that WebCrypto accepts: backed by a plain `ArrayBuffer`, never by shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** One error for text or bytes that are not what they claim to be. */
export class EncodingError extends Error {
	override readonly name = 'EncodingError';
}

/** A new array with all `parts` one after another. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
	let length = 0;
	for (const part of parts) length += part.length;
	const joined = new Uint8Array(length);
	let offset = 0;
	for (const part of parts) {
		joined.set(part, offset);
		offset += part.length;
	}
	return joined;
}

/** Compares in time that depends on the lengths only. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	let difference = 0;
	for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
	return difference === 0;
}

/**
 * UTF-8 of `text`.
 *
 * @throws {EncodingError} if the text has a lone surrogate: TextEncoder would replace it in
 * silence, and two different texts would become the same bytes.
 */
export function utf8(text: string): Bytes {
	if (!isWellFormed(text)) throw new EncodingError('text has a lone surrogate');
	return new TextEncoder().encode(text);
}

/** Reverses {@link utf8}. A byte order mark is kept: it is a character like any other. */
export function fromUtf8(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw new EncodingError('bytes are not UTF-8');
	}
}

/** Whether `text` has no lone surrogate. */
export function isWellFormed(text: string): boolean {
	return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
	return text;
}

/** @throws {EncodingError} if `text` is not pairs of hexadecimal digits. */
export function fromHex(text: string): Bytes {
	if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new EncodingError('not hexadecimal');
	const bytes = new Uint8Array(text.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

/** The order of byte strings: first difference decides, unsigned; a prefix comes first. */
export function compare(a: Uint8Array, b: Uint8Array): number {
	const shared = Math.min(a.length, b.length);
	for (let i = 0; i < shared; i++) {
		const difference = (a[i] ?? 0) - (b[i] ?? 0);
		if (difference !== 0) return difference;
	}
	return a.length - b.length;
}

/** What a byte order mark tells; UTF-8 without one. */
export function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
	if (first === 0xff && second === 0xfe) return 'utf-16le';
	return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
