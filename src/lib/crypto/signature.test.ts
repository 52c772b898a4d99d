import { describe, expect, test } from 'vitest';
import { signingKey } from '#lib/crypto/signature.ts';
import { fromHex, hex } from '#lib/encoding/bytes.ts';

/** RFC 8032, 7.1. */
const KNOWN = [
	{
		seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
		publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
		message: '',
		signature:
			'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'
	},
	{
		seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
		publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
		message: '72',
		signature:
			'92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'
	}
];

describe('signingKey', () => {
	test.each(KNOWN)('gives the answers of RFC 8032 for $seed', async (known) => {
		const key = await signingKey(fromHex(known.seed));
		expect(hex(key.publicKey)).toBe(known.publicKey);
		expect(hex(await key.sign(fromHex(known.message)))).toBe(known.signature);
	});

	test.each([0, 31, 33])('refuses a seed of %d bytes', async (length) => {
		await expect(signingKey(new Uint8Array(length))).rejects.toMatchObject({ code: 'format' });
	});

	test('leaves the seed as it was', async () => {
		const seed = new Uint8Array(32).fill(7);
		await signingKey(seed);
		expect(seed).toEqual(new Uint8Array(32).fill(7));
	});
});
