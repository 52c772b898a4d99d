/**
 * Wrap: authenticated encryption of keys, manifests and settings that commits to its key.
 *
 * Layout, bytes: suite (1) || salt (32) || commitment (32) || ciphertext || tag (16).
 * Key, nonce and commitment are derived from the wrapping key, the salt and the hash of the
 * context, so one wrapping key may wrap any number of times, and bytes that would open under two
 * keys (AES-GCM allows that; it lets a server test many passwords with one answer) are refused
 * before anything is decrypted. Norm: docs/protocol.md, 5.
 */
import { CryptoError } from '#lib/crypto/errors.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { hkdf, type KeyMaterial } from '#lib/crypto/hkdf.ts';
import type { Random } from '#lib/crypto/random.ts';
import { checkFrame, SUITE } from '#lib/crypto/suite.ts';
import { concat, equal, type Bytes } from '#lib/encoding/bytes.ts';
import { label } from '#lib/encoding/label.ts';

/** What wrapping adds. */
export const WRAP_OVERHEAD_BYTES = 81;

const SALT_END = 33;
const COMMITMENT_END = 65;

/** Wraps `plain` under `key` (32 bytes) for `context`, which must be given again to unwrap. */
export async function wrap(
	key: KeyMaterial,
	context: Bytes,
	plain: Bytes,
	random: Random
): Promise<Bytes> {
	const salt = random(32);
	const { cipherKey, nonce, commitment } = await derive(key, context, salt);
	const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: context };
	const cipher = new Uint8Array(await crypto.subtle.encrypt(algorithm, cipherKey, plain));
	return concat(new Uint8Array([SUITE]), salt, commitment, cipher);
}

/**
 * Reverses {@link wrap}.
 *
 * @throws {CryptoError} `format` if too short, `unsupported` for another suite, `integrity` for
 * everything else: one error on purpose, telling causes apart helps an attacker only.
 */
export async function unwrap(key: KeyMaterial, context: Bytes, wrapped: Bytes): Promise<Bytes> {
	checkFrame(wrapped, WRAP_OVERHEAD_BYTES);
	const salt = wrapped.slice(1, SALT_END);
	const { cipherKey, nonce, commitment } = await derive(key, context, salt);
	if (!equal(commitment, wrapped.subarray(SALT_END, COMMITMENT_END))) throw refusal();
	const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: context };
	try {
		const cipher = wrapped.subarray(COMMITMENT_END);
		return new Uint8Array(await crypto.subtle.decrypt(algorithm, cipherKey, cipher));
	} catch {
		throw refusal();
	}
}

async function derive(key: KeyMaterial, context: Bytes, salt: Bytes) {
	const info = concat(label('wrap'), new Uint8Array(1), await sha256(context));
	const material = await hkdf(key, info, 76, salt);
	const raw = material.subarray(0, 32);
	const usages: KeyUsage[] = ['encrypt', 'decrypt'];
	const cipherKey = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, usages);
	raw.fill(0);
	return { cipherKey, nonce: material.slice(32, 44), commitment: material.slice(44, 76) };
}

function refusal(): CryptoError {
	return new CryptoError('integrity', 'wrapped bytes do not open');
}
