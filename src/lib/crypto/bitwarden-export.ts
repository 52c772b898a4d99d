/**
 * Opens a vault that Bitwarden exported under a password: PBKDF2 or Argon2id, HKDF-Expand into two
 * keys, AES-256-CBC with HMAC-SHA-256 over nonce and ciphertext (Bitwarden's "Encryption key
 * derivation" and "Encrypted export"). For reading only: nothing of this project is sealed so.
 *
 * Limit: the costs stand in the file, so they are bounded by what Bitwarden lets anybody choose.
 */
import { CryptoError } from '#lib/crypto/errors.ts';
import { hmacSha256, sha256 } from '#lib/crypto/hash.ts';
import { concat, equal, utf8, type Bytes } from '#lib/encoding/bytes.ts';

export type ExportKdf =
	| { readonly kind: 'pbkdf2'; readonly iterations: number }
	| {
			readonly kind: 'argon2id';
			readonly iterations: number;
			readonly memoryMiB: number;
			readonly lanes: number;
	  };

export interface ExportKeys {
	readonly encryption: Bytes;
	readonly authentication: Bytes;
}

const PBKDF2_ITERATIONS_MAX = 2_000_000;
const ARGON2_PASSES_MAX = 10;
const ARGON2_MIB_MAX = 1_024;
const ARGON2_LANES_MAX = 16;
const NONCE_BYTES = 16;
const TAG_BYTES = 32;

/** @throws {CryptoError} `kdf-refused` before any work if the costs are out of bounds */
export async function exportKeys(
	password: string,
	salt: string,
	kdf: ExportKdf
): Promise<ExportKeys> {
	const secret = utf8(password);
	const root =
		kdf.kind === 'pbkdf2'
			? await pbkdf2(secret, utf8(salt), kdf.iterations)
			: await argon2(secret, await sha256(utf8(salt)), kdf);
	return {
		encryption: await expand(root, 'enc'),
		authentication: await expand(root, 'mac')
	};
}

/**
 * The plaintext of `2.nonce|ciphertext|tag`, whose parts are given.
 *
 * @throws {CryptoError} `integrity` if it was changed, or the password is another
 */
export async function openExport(
	{ encryption, authentication }: ExportKeys,
	nonce: Bytes,
	ciphertext: Bytes,
	tag: Bytes
): Promise<Bytes> {
	if (nonce.length !== NONCE_BYTES || tag.length !== TAG_BYTES) {
		throw new CryptoError('format', 'nonce or tag of another length');
	}
	if (!equal(await hmacSha256(authentication, concat(nonce, ciphertext)), tag)) {
		throw new CryptoError('integrity', 'does not open');
	}
	const key = await crypto.subtle.importKey('raw', encryption, 'AES-CBC', false, ['decrypt']);
	try {
		const plain = await crypto.subtle.decrypt({ name: 'AES-CBC', iv: nonce }, key, ciphertext);
		return new Uint8Array(plain);
	} catch {
		throw new CryptoError('integrity', 'padding is wrong');
	}
}

async function pbkdf2(password: Bytes, salt: Bytes, iterations: number): Promise<Bytes> {
	bounded(iterations, PBKDF2_ITERATIONS_MAX);
	const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
	const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations };
	return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
}

async function argon2(
	password: Bytes,
	salt: Bytes,
	{ iterations, memoryMiB, lanes }: Extract<ExportKdf, { kind: 'argon2id' }>
): Promise<Bytes> {
	bounded(iterations, ARGON2_PASSES_MAX);
	bounded(memoryMiB, ARGON2_MIB_MAX);
	bounded(lanes, ARGON2_LANES_MAX);
	const { argon2id } = await import('hash-wasm');
	const root = await argon2id({
		password,
		salt,
		memorySize: memoryMiB * 1024,
		iterations,
		parallelism: lanes,
		hashLength: 32,
		outputType: 'binary'
	});
	return new Uint8Array(root);
}

/** HKDF-Expand (RFC 5869) for one block; there is no extract before it. */
async function expand(root: Bytes, info: string): Promise<Bytes> {
	return await hmacSha256(root, concat(utf8(info), new Uint8Array([1])));
}

function bounded(value: number, most: number): void {
	if (!Number.isSafeInteger(value) || value < 1 || value > most) {
		throw new CryptoError('kdf-refused', 'cost out of bounds');
	}
}
