/**
 * Base64url without padding (RFC 4648, section 5), canonical only: every byte string has exactly
 * one text, so what was compared as text was compared as bytes.
 *
 * The engine does the work, or Node, or our own loop, a tenth as fast: opening a vault reads
 * megabytes of it, and a server writes as many.
 */
import { EncodingError, type Bytes } from '#lib/encoding/bytes.ts';
import { fromSixBits, toSixBits } from '#lib/encoding/six-bits.ts';

const FORM = { alphabet: 'base64url', omitPadding: true } as const;

const IS_IN_ENGINE = /* @__PURE__ */ Object.hasOwn(Uint8Array, 'fromBase64');
const IS_IN_NODE = /* @__PURE__ */ Object.hasOwn(globalThis, 'Buffer');

export function encode(bytes: Uint8Array): string {
	if (IS_IN_ENGINE) return bytes.toBase64(FORM);
	return IS_IN_NODE ? bufferOf(bytes).toString('base64url') : toSixBits(bytes);
}

/**
 * Reverses {@link encode}.
 *
 * @throws {EncodingError} on a foreign character, padding, white space or unused bits that are set.
 */
export function decode(text: string): Bytes {
	if (!IS_IN_ENGINE && !IS_IN_NODE) return fromSixBits(text);
	const bytes = IS_IN_ENGINE ? readByEngine(text) : readByNode(text);
	// Both are lenient: white space, padding, unused bits and, in Node, anything else.
	if (encode(bytes) !== text) throw new EncodingError('base64url is not canonical');
	return bytes;
}

function readByEngine(text: string): Bytes {
	try {
		return Uint8Array.fromBase64(text, FORM);
	} catch {
		throw new EncodingError('not base64url');
	}
}

/** Into memory of its own: what `Buffer.from` makes of short text lies among other people's. */
function readByNode(text: string): Bytes {
	const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
	bufferOf(bytes).write(text, 'base64url');
	return bytes;
}

function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
	return Buffer.from(buffer, byteOffset, length);
}
