/**
 * Seal: authenticated encryption of sheets and secrets, AES-256-GCM with a random 96-bit nonce.
 *
 * Layout, bytes: suite (1) || nonce (12) || ciphertext || tag (16).
 * The caller's context is authenticated and never stored, so a sealed secret moved to another
 * item, revision or account does not open.
 *
 * It does not commit to its key: sealing keys are random, derived from a key that a wrap
 * committed to, so nobody can search among them. Limit: 2^32 seals per key (NIST SP 800-38D,
 * 8.3). Norm: docs/protocol.md, 5.
 */
import { CryptoError } from '#lib/crypto/errors.ts';
import type { Random } from '#lib/crypto/random.ts';
import { checkFrame, SUITE } from '#lib/crypto/suite.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

/** What sealing adds. */
export const SEAL_OVERHEAD_BYTES = 29;

const NONCE_BYTES = 12;
const HEADER_BYTES = 1 + NONCE_BYTES;

/** The 32 bytes `raw` as a key that seals and opens, and cannot be read out again. */
export async function sealingKey(raw: Bytes): Promise<CryptoKey> {
	return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** Seals `plain` for `context`, which must be given again to open. */
export async function seal(
	key: CryptoKey,
	context: Bytes,
	plain: Bytes,
	random: Random
): Promise<Bytes> {
	const nonce = random(NONCE_BYTES);
	const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: context };
	const cipher = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
	const sealed = new Uint8Array(HEADER_BYTES + cipher.length);
	sealed[0] = SUITE;
	sealed.set(nonce, 1);
	sealed.set(cipher, HEADER_BYTES);
	return sealed;
}

/**
 * Reverses {@link seal}.
 *
 * @throws {CryptoError} `format` if too short, `unsupported` for another suite, `integrity` if the
 * bytes were changed, cut, sealed under another key or for another context: one error on purpose.
 */
export async function open(key: CryptoKey, context: Bytes, sealed: Bytes): Promise<Bytes> {
	checkFrame(sealed, SEAL_OVERHEAD_BYTES);
	const iv = sealed.subarray(1, HEADER_BYTES);
	const algorithm = { name: 'AES-GCM', iv, additionalData: context };
	try {
		const cipher = sealed.subarray(HEADER_BYTES);
		return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, cipher));
	} catch {
		throw new CryptoError('integrity', 'sealed bytes do not open');
	}
}
