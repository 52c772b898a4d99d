/** What is sealed, opened and derived leaves no second copy in memory. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { sealingKey } from '#lib/crypto/seal.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { openSecret, sealSecret } from '#lib/protocol/secrets.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { unwrapVaultKey, wrapVaultKey } from '#lib/protocol/wrapped-keys.ts';

const id = (value: number) => idText(new Uint8Array(16).fill(value));
const raw = new Uint8Array(32).fill(1);
const key = await sealingKey(raw);
const place = { account: id(1), vault: id(2), generation: 3, item: id(4), revision: 5 };
const where = { account: id(1), vault: id(2), accountGeneration: 3, generation: 4, key: raw };

/** Plaintext as WebCrypto was given it or gave it, keys as it imported them, text made bytes. */
const seen: Bytes[] = [];

beforeEach(() => {
	const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
	vi.spyOn(crypto.subtle, 'encrypt').mockImplementation((algorithm, with_, data) => {
		seen.push(data as Bytes);
		return encrypt(algorithm, with_, data);
	});
	const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
	vi.spyOn(crypto.subtle, 'decrypt').mockImplementation(async (...call) => {
		const plain = await decrypt(...call);
		seen.push(new Uint8Array(plain));
		return plain;
	});
});

afterEach(() => {
	vi.restoreAllMocks();
	seen.length = 0;
});

function leftOver(): number {
	return seen.filter((bytes) => bytes.some((byte) => byte !== 0)).length;
}

describe('no second copy is left of', () => {
	test('a secret that is sealed', async () => {
		vi.spyOn(TextEncoder.prototype, 'encode').mockImplementation((text = '') => {
			const bytes = new Uint8Array(Buffer.from(text));
			if (text.includes('value')) seen.push(bytes);
			return bytes;
		});
		await sealSecret(key, place, { v: 1, value: 'x' }, randomBytes);
		expect(seen).toHaveLength(2);
		expect(leftOver()).toBe(0);
	});

	test('a secret that is opened', async () => {
		const sealed = await sealSecret(key, place, { v: 1, value: 'x' }, randomBytes);
		expect(await openSecret(key, place, sealed)).toEqual({ v: 1, value: 'x' });
		expect(seen).toHaveLength(2);
		expect(leftOver()).toBe(0);
	});

	test('a key that is wrapped, nor of one that is unwrapped', async () => {
		const vaultKey = new Uint8Array(32).fill(9);
		const wrapped = await wrapVaultKey({ ...where, vaultKey, random: randomBytes });
		expect(await unwrapVaultKey({ ...where, wrapped })).toEqual(vaultKey);
		expect(seen).toHaveLength(2);
		expect(leftOver()).toBe(0);
	});

	test('the keys that seal, which WebCrypto holds', async () => {
		const importKey = crypto.subtle.importKey.bind(crypto.subtle);
		vi.spyOn(crypto.subtle, 'importKey').mockImplementation((_format, data, ...others) => {
			if (others[0] === 'AES-GCM') seen.push(data as Bytes);
			return importKey('raw', data as Bytes, ...others);
		});
		await vaultKeys(raw);
		expect(seen).toHaveLength(3);
		expect(leftOver()).toBe(0);
	});
});
