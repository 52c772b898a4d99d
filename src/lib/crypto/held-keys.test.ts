/** What WebCrypto is given: no key that works can be read out, and no copy of a seed is left. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openExport } from '#lib/crypto/bitwarden-export.ts';
import { hmacSha256 } from '#lib/crypto/hash.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { open, seal, sealingKey } from '#lib/crypto/seal.ts';
import { signingKey } from '#lib/crypto/signature.ts';
import { unwrap, wrap } from '#lib/crypto/wrap.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { refusal } from '../../../tests/refusals.ts';

const raw = new Uint8Array(32).fill(1);
const context = new Uint8Array(66).fill(2);
const plain = new Uint8Array(36).fill(3);

/** Keys that encrypted, decrypted or signed. */
const worked: CryptoKey[] = [];

beforeEach(() => {
	for (const name of ['encrypt', 'decrypt', 'sign'] as const) {
		const work = crypto.subtle[name].bind(crypto.subtle);
		vi.spyOn(crypto.subtle, name as 'encrypt').mockImplementation((algorithm, key, data) => {
			worked.push(key);
			return work(algorithm, key, data);
		});
	}
});

afterEach(() => {
	vi.restoreAllMocks();
	worked.length = 0;
});

async function opensExport(): Promise<void> {
	const keys = { encryption: raw, authentication: raw };
	const nonce = new Uint8Array(16);
	const message = new Uint8Array(16 + 16);
	const tag = await hmacSha256(raw, message);
	await openExport(keys, nonce, message.subarray(16), tag).catch(() => undefined);
}

describe('a key that works cannot be read out', () => {
	test.each<[string, () => Promise<unknown>, number]>([
		['wraps', () => wrap(raw, context, plain, randomBytes), 1],
		['unwraps', async () => unwrap(raw, context, await wrap(raw, context, plain, randomBytes)), 2],
		['seals', async () => seal(await sealingKey(raw), context, plain, randomBytes), 1],
		[
			'opens',
			async () => {
				const key = await sealingKey(raw);
				return open(key, context, await seal(key, context, plain, randomBytes));
			},
			2
		],
		['authenticates', () => hmacSha256(raw, plain), 1],
		['opens the export of another program', opensExport, 3],
		['signs', async () => (await signingKey(raw)).sign(plain), 1]
	])('when it %s', async (_what, work, uses) => {
		await work();
		expect(worked.map(({ extractable }) => extractable)).toEqual(Array(uses).fill(false));
	});
});

describe('signingKey', () => {
	test('leaves no copy of the seed behind', async () => {
		const given: Bytes[] = [];
		const importKey = crypto.subtle.importKey.bind(crypto.subtle);
		vi.spyOn(crypto.subtle, 'importKey').mockImplementation((_format, data, ...others) => {
			given.push(data as Bytes);
			return importKey('pkcs8', data as Bytes, ...others);
		});
		await signingKey(raw);
		expect(given.map((bytes) => bytes.some((byte) => byte !== 0))).toEqual([false, false]);
	});

	test('refuses a browser that does not tell the public key', async () => {
		vi.spyOn(crypto.subtle, 'exportKey').mockResolvedValue({});
		await expect(signingKey(raw)).rejects.toMatchObject(refusal('unsupported'));
	});
});
