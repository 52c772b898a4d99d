/** HKDF-SHA-256, extract and expand (RFC 5869). */
import type { Bytes } from '#lib/encoding/bytes.ts';

const NO_SALT = /* @__PURE__ */ new Uint8Array(0);

/**
 * `length` bytes derived from `key`, which must be random already: a password goes through
 * Argon2id first. `info` separates uses; `salt` is empty unless the caller stores one.
 */
export async function hkdf(key: Bytes, info: Bytes, length = 32, salt = NO_SALT): Promise<Bytes> {
	const imported = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']);
	const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info };
	return new Uint8Array(await crypto.subtle.deriveBits(algorithm, imported, length * 8));
}
