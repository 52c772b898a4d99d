import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { seal, sealingKey } from '#lib/crypto/seal.ts';
import { pad, pagesOf } from '#lib/crypto/padding.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { entryBytes, openSheet, sealSheet, type SheetEntry } from '#lib/protocol/sheets.ts';
import { refusal } from '../../../tests/refusals.ts';

const id = (value: number) => idText(new Uint8Array(16).fill(value));
const key = await sealingKey(new Uint8Array(32).fill(1));
const place = { account: id(1), vault: id(2), generation: 3, sheet: id(4), revision: 5 };

function entry(number: number, change: object = {}): SheetEntry {
	return {
		id: id(number),
		revision: 5,
		secretHash: encode(new Uint8Array(32).fill(number)),
		overview: { v: 1, name: `key ${number}` },
		...change
	};
}

/** An entry of exactly `bytes` bytes of JSON. */
function sized(number: number, bytes: number): SheetEntry {
	const empty = entryBytes(entry(number, { overview: { v: 1, note: '' } }));
	return entry(number, { overview: { v: 1, note: 'x'.repeat(bytes - empty) } });
}

async function sealed(entries: readonly SheetEntry[]): Promise<Bytes> {
	return sealSheet(key, place, entries, randomBytes);
}

/** What another program might have sealed. */
async function foreign(json: string): Promise<Bytes> {
	const where = context({
		purpose: PURPOSE.sheet,
		generation: place.generation,
		account: place.account,
		scope: place.vault,
		object: place.sheet,
		revision: place.revision
	});
	return seal(key, where, pad(utf8(json), pagesOf(4_096)), randomBytes);
}

describe('a sheet', () => {
	test('opens to the entries that were sealed', async () => {
		const entries = [entry(1), entry(2, { revision: 1 })];
		expect(await openSheet(key, place, await sealed(entries))).toEqual(entries);
	});

	test('keeps members that this version does not know', async () => {
		const later = entry(1, { later: { a: [1] }, overview: { v: 1, name: 'x', later: true } });
		const [opened] = await openSheet(key, place, await sealed([later]));
		expect(opened).toEqual(later);
	});

	test.each([
		[1, 4_125],
		[64, 3 * 4_096 + 29]
	])('of %d small entries has %d bytes', async (count, bytes) => {
		const entries = Array.from({ length: count }, (_, i) => entry(i));
		expect(await sealed(entries)).toHaveLength(bytes);
	});

	test('takes 64 entries of 4,000 bytes, within the 262,173 that are allowed', async () => {
		const entries = Array.from({ length: 64 }, (_, i) => sized(i, 4_000));
		const blob = await sealed(entries);
		expect(blob.length).toBeLessThanOrEqual(262_173);
		await expect(openSheet(key, place, blob)).resolves.toHaveLength(64);
	});

	test('takes no entry of 4,001 bytes', async () => {
		await expect(sealed([sized(1, 4_001)])).rejects.toMatchObject(refusal('format'));
	});

	test('counts bytes, not characters', () => {
		const plain = entryBytes(entry(1, { overview: { v: 1, note: 'aa' } }));
		expect(entryBytes(entry(1, { overview: { v: 1, note: 'é' } }))).toBe(plain);
	});

	test.each([
		['no entry', []],
		['65 entries', Array.from({ length: 65 }, (_, i) => entry(i))],
		['an entry twice', [entry(1), entry(1)]],
		['an entry of a later commit', [entry(1, { revision: 6 })]],
		['an entry of revision 0', [entry(1, { revision: 0 })]]
	])('is not sealed with %s', async (_what, entries) => {
		await expect(sealed(entries)).rejects.toMatchObject(refusal('integrity'));
	});

	test.each([
		['items missing', '{"v":1}', 'format'],
		['items an object', '{"v":1,"items":{"length":1}}', 'format'],
		['an entry null', '{"v":1,"items":[null]}', 'format'],
		['an entry a list', '{"v":1,"items":[[]]}', 'format'],
		['a later version', '{"v":2,"items":[]}', 'unsupported'],
		['version "1"', '{"v":"1","items":[]}', 'unsupported'],
		['no item', '{"v":1,"items":[]}', 'integrity']
	])('does not open with %s', async (_what, json, code) => {
		await expect(openSheet(key, place, await foreign(json))).rejects.toMatchObject({ code });
	});

	test.each([
		['id', 'AAAAAAAAAAAAAAAAAAAAAB'],
		['id', 7],
		['revision', 1.5],
		['revision', '5'],
		['secretHash', `${'A'.repeat(42)}B`],
		['secretHash', 'A'.repeat(42)],
		['secretHash', null],
		['overview', []],
		['overview', null],
		['overview', 'x']
	])('does not open with an entry whose %s is %j', async (member, value) => {
		const json = JSON.stringify({ v: 1, items: [{ ...entry(1), [member]: value }] });
		await expect(openSheet(key, place, await foreign(json))).rejects.toMatchObject(
			refusal('format')
		);
	});

	test.each([
		['of another account', { account: id(9) }],
		['of another vault', { vault: id(9) }],
		['of another sheet', { sheet: id(9) }],
		['of an older revision', { revision: 6 }],
		['of an older generation', { generation: 4 }]
	])('does not open when a server serves one %s', async (_what, change) => {
		const blob = await sealed([entry(1)]);
		await expect(openSheet(key, { ...place, ...change }, blob)).rejects.toMatchObject(
			refusal('integrity')
		);
	});
});
