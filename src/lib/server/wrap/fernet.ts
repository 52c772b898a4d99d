/**
 * Fernet (github.com/fernet/spec) over `node:crypto`: authenticated encryption with AES-128-CBC
 * and HMAC-SHA-256.
 *
 * Layout, bytes: 0x80 || u64 seconds since 1970 || IV (16) || ciphertext || HMAC (32), kept as it
 * is: the base64url of the specification is for text. Key: 16 bytes that sign || 16 that encrypt.
 */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { concat, type Bytes } from '#lib/encoding/bytes.ts';

const VERSION = 0x80;
const BLOCK_BYTES = 16;
const HEADER_BYTES = 25;
const MAC_BYTES = 32;
const MAX_CLOCK_SKEW_SECONDS = 60;

export const FERNET_KEY_BYTES = 32;

/** `iv` must be 16 bytes that are random for every token. */
export function fernetEncrypt(key: Bytes, plain: Uint8Array, seconds: number, iv: Bytes): Bytes {
	const header = new Uint8Array(HEADER_BYTES);
	header[0] = VERSION;
	new DataView(header.buffer).setBigUint64(1, BigInt(Math.floor(seconds)));
	header.set(iv, HEADER_BYTES - BLOCK_BYTES);
	const cipher = createCipheriv('aes-128-cbc', key.subarray(BLOCK_BYTES), iv);
	const signed = concat(header, cipher.update(plain), cipher.final());
	return concat(signed, mac(key, signed));
}

/**
 * Reverses {@link fernetEncrypt}; `undefined` if the token was changed, cut or made with another
 * key. With `age` a token that is too old or from the future is refused too.
 */
export function fernetDecrypt(
	key: Bytes,
	token: Bytes,
	age?: { readonly maxSeconds: number; readonly nowSeconds: number }
): Bytes | undefined {
	const end = token.length - MAC_BYTES;
	const length = end - HEADER_BYTES;
	if (length < BLOCK_BYTES || length % BLOCK_BYTES !== 0 || token[0] !== VERSION) return undefined;
	const signed = token.subarray(0, end);
	if (!timingSafeEqual(mac(key, signed), token.subarray(end))) return undefined;
	if (age !== undefined) {
		const made = Number(new DataView(token.buffer, token.byteOffset).getBigUint64(1));
		if (made + age.maxSeconds < age.nowSeconds) return undefined;
		if (made > age.nowSeconds + MAX_CLOCK_SKEW_SECONDS) return undefined;
	}
	const iv = token.subarray(HEADER_BYTES - BLOCK_BYTES, HEADER_BYTES);
	const decipher = createDecipheriv('aes-128-cbc', key.subarray(BLOCK_BYTES), iv);
	try {
		return concat(decipher.update(token.subarray(HEADER_BYTES, end)), decipher.final());
	} catch {
		return undefined;
	}
}

function mac(key: Bytes, signed: Uint8Array): Buffer {
	return createHmac('sha256', key.subarray(0, BLOCK_BYTES)).update(signed).digest();
}
