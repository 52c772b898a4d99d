import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { openNote, sealNote } from '#lib/protocol/notes.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { refusal } from '../../../tests/refusals.ts';

const [account, vault, note, other] = [1, 2, 3, 4].map((byte) =>
	encode(new Uint8Array(16).fill(byte))
) as [string, string, string, string];
const place = { account, vault, generation: 1, note };
const NOTE = { v: 1, act: 'copied', form: 'value', field: 'token' };

async function keyOf(byte: number): Promise<CryptoKey> {
	return (await vaultKeys(new Uint8Array(32).fill(byte))).notes;
}

describe('a note', () => {
	test('opens where it was sealed', async () => {
		const key = await keyOf(7);
		expect(await openNote(key, place, await sealNote(key, place, NOTE, randomBytes))).toEqual(NOTE);
	});

	test.each([
		['under another id', { ...place, note: other }],
		['in another vault', { ...place, vault: other }],
		['in another account', { ...place, account: other }],
		['in another generation', { ...place, generation: 2 }]
	])('does not open %s', async (_where, moved) => {
		const key = await keyOf(7);
		const sealed = await sealNote(key, place, NOTE, randomBytes);
		await expect(openNote(key, moved, sealed)).rejects.toMatchObject(refusal('integrity'));
	});

	test('takes 285 to 1,053 bytes, and is refused beyond', async () => {
		const key = await keyOf(7);
		const sealedOf = (length: number) => {
			const rest = length - JSON.stringify({ v: 1, x: '' }).length;
			return sealNote(key, place, { v: 1, x: 'x'.repeat(rest) }, randomBytes);
		};
		expect(await sealNote(key, place, NOTE, randomBytes)).toHaveLength(285);
		expect(await sealedOf(1_020)).toHaveLength(1_053);
		await expect(sealedOf(1_021)).rejects.toMatchObject(refusal('format'));
	});

	test('of another version is one', async () => {
		const key = await keyOf(7);
		const sealed = await sealNote(key, place, { v: 2 }, randomBytes);
		await expect(openNote(key, place, sealed)).rejects.toMatchObject(refusal('unsupported'));
	});
});
