/** HKDF-SHA-256, extract and expand (RFC 5869). */
import type { Bytes } from '#lib/encoding/bytes.ts';

/** A key to derive from: its bytes, or what WebCrypto holds of it and gives to nobody. */
export type KeyMaterial = Bytes | CryptoKey;

const NO_SALT = /* @__PURE__ */ new Uint8Array(0);

/**
 * `length` bytes derived from `key`, which must be random already: a password goes through
 * Argon2id first. `info` separates uses; `salt` is empty unless the caller stores one.
 */
export async function hkdf(
	key: KeyMaterial,
	info: Bytes,
	length = 32,
	salt = NO_SALT
): Promise<Bytes> {
	const imported = await enclose(key);
	const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info };
	return new Uint8Array(await crypto.subtle.deriveBits(algorithm, imported, length * 8));
}

/** The same key where no program can read its bytes any more. It can be handed to another thread. */
export async function enclose(key: KeyMaterial): Promise<CryptoKey> {
	if (key instanceof CryptoKey) return key;
	return await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']);
}
