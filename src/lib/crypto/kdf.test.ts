import { describe, expect, test } from 'vitest';
import { argon2id, KDF_PROFILES } from '#lib/crypto/kdf.ts';
import { hex, utf8 } from '#lib/encoding/bytes.ts';

const SALT = new Uint8Array(32);

describe('argon2id', () => {
	test('gives the answer of another program for profile 2', { timeout: 60_000 }, async () => {
		const root = await argon2id(utf8('correct horse'), SALT, 2);
		expect(hex(root)).toBe('73cad790e389bb5fe463522a7abbaf7b312afeb626f0d7d4a22d24f4a5aacd48');
	});

	test.each([0, 3, 4, 255, -1, 1.5, NaN])('refuses profile %d', async (profile) => {
		await expect(argon2id(utf8('correct horse'), SALT, profile)).rejects.toMatchObject({
			code: 'kdf-refused'
		});
	});

	test('refuses an empty password', async () => {
		await expect(argon2id(utf8(''), SALT, 1)).rejects.toMatchObject({ code: 'format' });
	});
});

test('no profile is cheaper than 64 MiB and 3 passes', () => {
	for (const { memoryKiB, passes, lanes } of KDF_PROFILES.values()) {
		expect(memoryKiB).toBeGreaterThanOrEqual(65_536);
		expect([passes, lanes]).toEqual([3, 1]);
	}
});
