/**
 * Argon2id as native code: what a program of Node would take, where a browser has none. Installed in
 * this folder, if at all: its types are not there.
 */
import { createRequire } from 'node:module';

/** Of the package's own enumeration. */
const ARGON2ID = 2;

/**
 * @param {Uint8Array} password
 * @param {Uint8Array} salt
 * @param {{ memoryKiB: number, passes: number, lanes: number }} cost
 * @returns {Promise<Uint8Array<ArrayBuffer>>} 32 bytes
 */
export async function argon2id(password, salt, { memoryKiB, passes, lanes }) {
	const native = createRequire(import.meta.url)('@node-rs/argon2');
	const root = await native.hashRaw(password, {
		algorithm: ARGON2ID,
		salt,
		memoryCost: memoryKiB,
		timeCost: passes,
		parallelism: lanes,
		outputLen: 32
	});
	return Uint8Array.from(root);
}
