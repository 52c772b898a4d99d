import { describe, expect, test } from 'vitest';
import { exportKeys, openExport } from '#lib/crypto/bitwarden-export.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { hmacSha256 } from '#lib/crypto/hash.ts';
import { argon2id } from '#lib/crypto/kdf.ts';
import { pagesOf, unpad } from '#lib/crypto/padding.ts';
import { open, sealingKey } from '#lib/crypto/seal.ts';
import { signingKey } from '#lib/crypto/signature.ts';
import { unwrap } from '#lib/crypto/wrap.ts';
import { utf8 } from '#lib/encoding/bytes.ts';

const raw = new Uint8Array(32);
const none = new Uint8Array(0);
const sealed = new Uint8Array(100).fill(1);
const PAGES = pagesOf(64);

/** Each way in which something is refused. */
const REFUSALS: readonly [string, () => unknown][] = [
	['bytes too short to be sealed', async () => open(await sealingKey(raw), none, none)],
	['another suite', async () => open(await sealingKey(raw), none, new Uint8Array(100))],
	['sealed bytes that do not open', async () => open(await sealingKey(raw), none, sealed)],
	['wrapped bytes that do not open', () => unwrap(raw, none, sealed)],
	['a seed of another length', () => signingKey(none)],
	['an unknown profile', () => argon2id(utf8('hunter2'), raw, 9)],
	['an empty password', () => argon2id(none, raw, 1)],
	['padding without its length', () => unpad(none, PAGES)],
	['padding of another size', () => unpad(new Uint8Array(65), PAGES)],
	['padding that is not zero', () => unpad(Uint8Array.from([...new Uint8Array(63), 1]), PAGES)],
	['costs', () => exportKeys('hunter2', 'salt', { kind: 'pbkdf2', iterations: 0 })],
	['a nonce of another length', () => exported(none, none, none)],
	['an export that was changed', () => exported(raw.subarray(16), none, raw)],
	[
		'an export without padding',
		async () => exported(raw.subarray(16), none, await hmacSha256(raw, raw.subarray(16)))
	]
];

function exported(nonce: typeof raw, ciphertext: typeof raw, tag: typeof raw) {
	return openExport({ encryption: raw, authentication: raw }, nonce, ciphertext, tag);
}

async function refusalOf(act: () => unknown): Promise<unknown> {
	try {
		await act();
	} catch (error) {
		return error;
	}
	return undefined;
}

describe('a CryptoError', () => {
	test.each(REFUSALS)('says of %s in words of its own what is wrong', async (_what, act) => {
		const error = await refusalOf(act);
		expect(error).toBeInstanceOf(CryptoError);
		expect(String(error)).toMatch(/^CryptoError: [A-Za-z0-9 ]+$/);
		expect(String(error)).not.toMatch(/hunter2/);
	});
});
