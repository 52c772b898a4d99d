import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import {
	openVaultManifest,
	sealVaultManifest,
	type VaultManifest
} from '#lib/protocol/vault-manifest.ts';
import { refusal } from '../../../tests/refusals.ts';

const filled = (value: number, length = 16): Bytes => new Uint8Array(length).fill(value);
const id = (value: number) => idText(filled(value));
const key = filled(1, 32);
const account = id(1);
const first: VaultManifest = {
	vault: id(2),
	generation: 3,
	seq: 1,
	prev: noHash(),
	unixMs: 1_700_000_000_000,
	device: id(5),
	itemCount: 0,
	sheets: []
};
const sheet = { id: id(6), revision: 2, hash: filled(7, 32) };
const second: VaultManifest = {
	...first,
	seq: 2,
	prev: filled(9, 32),
	itemCount: 1,
	sheets: [sheet]
};

async function seal(manifest: VaultManifest): Promise<Bytes> {
	return sealVaultManifest(key, account, manifest, randomBytes);
}

describe('a vault manifest', () => {
	test('reads back as it was written, sheets in order of their ids', async () => {
		const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((b) => Uint8Array.from(b));
		const ids = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(idText);
		const sheets = fc.uniqueArray(
			fc.record({ id: ids, revision: fc.integer({ min: 1, max: 2 ** 40 }), hash }),
			{ selector: (made) => made.id, minLength: 1, maxLength: 20 }
		);
		await fc.assert(
			fc.asyncProperty(sheets, async (listed) => {
				const manifest = { ...second, seq: 2 ** 40, itemCount: listed.length, sheets: listed };
				const opened = await openVaultManifest(key, account, manifest, await seal(manifest));
				expect(new Set(opened.sheets)).toEqual(new Set(listed));
				expect({ ...opened, sheets: listed }).toEqual(manifest);
			}),
			{ seed: 1, numRuns: 50 }
		);
	});

	test('has 176 bytes when it lists nothing, and 56 more for a sheet', async () => {
		expect(await seal(first)).toHaveLength(176);
		expect(await seal(second)).toHaveLength(232);
	});

	test('lists 20,000 sheets of one item in 1,120,176 bytes', async () => {
		const bytes = (n: number) => Uint8Array.from(filled(0), (_, i) => (n >> (8 * i)) & 255);
		const sheets = Array.from({ length: 20_000 }, (_, n) => ({ ...sheet, id: idText(bytes(n)) }));
		const largest = { ...second, itemCount: 20_000, sheets };
		const wrapped = await seal(largest);
		expect(wrapped).toHaveLength(1_120_176);
		await expect(openVaultManifest(key, account, largest, wrapped)).resolves.toBeDefined();
	});

	test.each([
		['no prev after the first', { prev: noHash() }, 'integrity'],
		['seq 0', { seq: 0, prev: noHash(), sheets: [], itemCount: 0 }, 'integrity'],
		['seq 0 and a prev', { seq: 0, sheets: [], itemCount: 0 }, 'integrity'],
		['a sheet twice', { sheets: [sheet, sheet], itemCount: 2 }, 'integrity'],
		['a sheet of a later commit', { sheets: [{ ...sheet, revision: 3 }] }, 'integrity'],
		['a sheet of revision 0', { sheets: [{ ...sheet, revision: 0 }] }, 'integrity'],
		['more sheets than items', { itemCount: 0 }, 'integrity'],
		['65 items in one sheet', { itemCount: 65 }, 'integrity'],
		['a prev of 31 bytes', { prev: filled(9, 31) }, 'format'],
		['a hash of 33 bytes', { sheets: [{ ...sheet, hash: filled(7, 33) }] }, 'format'],
		['generation 0', { generation: 0 }, 'format'],
		['a time before 1970', { unixMs: -1 }, 'format']
	])('is not written with %s', async (_what, change, code) => {
		await expect(seal({ ...second, ...change })).rejects.toMatchObject(refusal(code));
	});

	test('lists up to 20,000 items, 64 in a sheet', async () => {
		const bytes = (n: number) => Uint8Array.from(filled(0), (_, i) => (n >> (8 * i)) & 255);
		const sheets = Array.from({ length: 313 }, (_, n) => ({ ...sheet, id: idText(bytes(n)) }));
		await expect(seal({ ...second, itemCount: 64 })).resolves.toBeDefined();
		await expect(seal({ ...second, itemCount: 20_000, sheets })).resolves.toBeDefined();
		await expect(seal({ ...second, itemCount: 20_001, sheets })).rejects.toMatchObject(
			refusal('integrity')
		);
	});

	test('has a prev of its own, which is not that of another', () => {
		noHash().fill(1);
		expect(noHash()).toEqual(filled(0, 32));
	});

	test('of seq 1 lists nothing and has no prev', async () => {
		await expect(seal({ ...first, prev: filled(9, 32) })).rejects.toMatchObject(
			refusal('integrity')
		);
		const listed = { ...first, itemCount: 1, sheets: [{ ...sheet, revision: 1 }] };
		await expect(seal(listed)).rejects.toMatchObject(refusal('integrity'));
	});

	test.each([
		['of another account', { account: id(9) }],
		['of another vault', { vault: id(9) }],
		['of an older generation', { generation: 2 }],
		['of last week', { seq: 3 }],
		['of another key', { key: filled(2, 32) }]
	])('does not open when a server serves one %s', async (_what, change) => {
		const asked = { key, account, vault: second.vault, generation: 3, seq: 2, ...change };
		const wrapped = await seal(second);
		await expect(openVaultManifest(asked.key, asked.account, asked, wrapped)).rejects.toMatchObject(
			refusal('integrity')
		);
	});
});
