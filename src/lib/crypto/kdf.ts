/**
 * Argon2id 1.3 (RFC 9106): what makes guessing a password expensive.
 *
 * The costs are compiled in and named by one byte. A server names a profile and can never choose
 * a cost, so it cannot have a client derive a weak key from a password. Norm: docs/protocol.md, 2.
 */
import { CryptoError } from '#lib/crypto/errors.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

interface KdfProfile {
	readonly memoryKiB: number;
	readonly passes: number;
	readonly lanes: number;
}

export const KDF_PROFILES: ReadonlyMap<number, KdfProfile> = new Map([
	[1, { memoryKiB: 64 * 1024, passes: 3, lanes: 1 }],
	[2, { memoryKiB: 256 * 1024, passes: 3, lanes: 1 }]
]);

/** Of new accounts. */
export const DEFAULT_KDF_PROFILE = 1;

/**
 * 32 bytes. Takes about a second and the profile's memory: run it in a worker that ends
 * afterwards. The implementation is loaded when it is first needed.
 *
 * @throws {CryptoError} `kdf-refused` for a profile outside the table, `format` for an empty
 * password, which no account has; both before any work.
 */
export async function argon2id(password: Bytes, salt: Bytes, profile: number): Promise<Bytes> {
	const cost = KDF_PROFILES.get(profile);
	if (!cost) throw new CryptoError('kdf-refused', 'unknown KDF profile');
	if (password.length === 0) throw new CryptoError('format', 'password is empty');
	const { argon2id: derive } = await import('hash-wasm');
	const root = await derive({
		password,
		salt,
		memorySize: cost.memoryKiB,
		iterations: cost.passes,
		parallelism: cost.lanes,
		hashLength: 32,
		outputType: 'binary'
	});
	return new Uint8Array(root);
}
