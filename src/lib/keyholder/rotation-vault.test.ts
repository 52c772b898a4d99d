import { describe, expect, test } from 'vitest';
import { sha256 } from '#lib/crypto/hash.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { readOverview } from '#lib/items/unreadable.ts';
import { VaultAnew } from '#lib/keyholder/rotation-vault.ts';
import { indexOf, type OpenEntry, type VaultState } from '#lib/keyholder/vault-state.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { fingerprint } from '#lib/protocol/fingerprint.ts';
import type { JsonObject } from '#lib/protocol/json.ts';
import { openSecret } from '#lib/protocol/secrets.ts';
import { ENTRY_MAX_BYTES, entryBytes, openSheet, type SheetEntry } from '#lib/protocol/sheets.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { openVaultManifest } from '#lib/protocol/vault-manifest.ts';
import { unwrapVaultKey } from '#lib/protocol/wrapped-keys.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { refusal } from '../../../tests/refusals.ts';

const ACCOUNT = 'AAECAwQFBgcICQoLDA0ODw';
const VAULT = 'EBESExQVFhcYGRobHB0eHw';
const SHEET = 'ICEiIyQlJicoKSorLC0uLw';
const ITEM = 'MDEyMzQ1Njc4OTo7PD0-Pw';
const NOW = 1_700_000_000_000;

const ports = {
	origin: 'https://vault.example.org',
	fetch: () => Promise.reject(new TypeError('nothing is sent here')),
	now: () => NOW,
	random: randomBytes,
	pins: new MemoryPins(),
	derive: () => Promise.reject(new TypeError('nothing is derived here'))
};

const field = (more: object = {}) => ({ name: 'key', hidden: true, ...more });
const secretOf = (value: string): JsonObject => ({ v: 1, fields: [{ name: 'key', value }] });

/** A vault of one entry at `seq`, as it was opened. */
async function vaultOf(overview: object, seq = 7): Promise<VaultState> {
	const entry: SheetEntry = {
		id: ITEM,
		revision: seq,
		secretHash: encode(new Uint8Array(32)),
		overview,
		later: ['a member of', 'another version']
	};
	const open: OpenEntry = { entry, ...readOverview(overview) };
	const hash = new Uint8Array(32).fill(3);
	const sheets = new Map([[SHEET, { revision: seq, hash, entries: [open] }]]);
	const keys = await vaultKeys(randomBytes(32));
	const place = {
		account: ACCOUNT,
		id: VAULT,
		generation: 4,
		keyWrapHash: hash,
		floorSeq: 1,
		keys
	};
	const manifest = {
		...{ vault: VAULT, generation: 4, seq, prev: hash, unixMs: 1, device: ACCOUNT, itemCount: 1 },
		sheets: [{ id: SHEET, revision: seq, hash }]
	};
	return { place, manifest, head: new Uint8Array(32).fill(5), sheets, items: indexOf(sheets) };
}

/** Seals `vault` again with `secret`, and opens what came of it as a client does. */
async function again(vault: VaultState, secret: JsonObject) {
	const vaultWrap = randomBytes(32);
	const wrapping = { account: ACCOUNT, generation: 3, accountKey: randomBytes(32) };
	const anew = await VaultAnew.begin(ports, vault, wrapping, vaultWrap);
	const open = vault.items.get(ITEM);
	if (open === undefined) throw new Error('no entry');
	await anew.take(open, secret);
	const { request, parts, next } = await anew.build();
	const place = { account: ACCOUNT, vault: VAULT, accountGeneration: 3, generation: 5 };
	const vaultKey = await unwrapVaultKey({ ...place, key: vaultWrap, wrapped: request.keyWrap });
	const keys = await vaultKeys(vaultKey);
	const revision = vault.manifest.seq + 1;
	const at = { account: ACCOUNT, vault: VAULT, generation: 5, revision };
	const [sheet] = parts.flatMap(({ sheets }) => sheets);
	const [sealed] = parts.flatMap(({ secrets }) => secrets);
	if (sheet === undefined || sealed === undefined) throw new Error('no parts');
	const [entry] = await openSheet(keys.sheets, { ...at, sheet: SHEET }, sheet.blob);
	if (entry === undefined) throw new Error('no entry');
	return {
		request,
		next,
		keys,
		entry,
		blob: sheet.blob,
		secret: await openSecret(keys.secrets, { ...at, item: ITEM }, sealed.blob),
		manifest: await openVaultManifest(
			keys.manifest,
			ACCOUNT,
			{ vault: VAULT, generation: 5, seq: revision },
			request.manifest
		)
	};
}

describe('a vault that is sealed again', () => {
	test('goes on in its chain, one generation and one seq further', async () => {
		const vault = await vaultOf({ v: 1, name: 'a' });
		const { manifest, request, next } = await again(vault, secretOf('x'));
		expect(manifest).toMatchObject({ generation: 5, seq: 8, prev: vault.head, itemCount: 1 });
		expect(request.expected).toEqual({ seq: 7, head: vault.head });
		expect(next.manifest).toEqual(manifest);
		expect(next.place).toMatchObject({ generation: 5, floorSeq: 8 });
	});

	test('is listed by a manifest of this device and this moment, with the sheets that were sent', async () => {
		const vault = await vaultOf({ v: 1, name: 'a' });
		const { manifest, request, next, blob } = await again(vault, secretOf('x'));
		const hash = await sha256(blob);
		const listed = { revision: 8, hash };
		expect(manifest).toEqual({
			...{ vault: VAULT, generation: 5, seq: 8, prev: vault.head, unixMs: NOW },
			...{ device: await ports.pins.deviceId(), itemCount: 1, sheets: [{ id: SHEET, ...listed }] }
		});
		expect(request).toMatchObject({ id: VAULT, secretCount: 1 });
		expect(next.head).toEqual(await headOf(vault.head, request.manifest));
		expect(next.sheets.get(SHEET)).toMatchObject(listed);
		expect(next.place.keyWrapHash).toEqual(await sha256(request.keyWrap));
	});

	test('keeps what this version does not know, in entry, overview and secret', async () => {
		const overview = { v: 1, name: 'a', fields: [field({ colour: 'red' })], later: { x: 1 } };
		const secret = { ...secretOf('x'), later: [1, 2] };
		const made = await again(await vaultOf(overview), secret);
		expect(made.entry['later']).toEqual(['a member of', 'another version']);
		expect(made.entry.overview).toEqual(overview);
		expect(made.secret).toEqual(secret);
	});

	test('adds nothing to an overview that another client wrote shorter', async () => {
		const overview = { v: 1, name: 'a' };
		expect((await again(await vaultOf(overview), secretOf('x'))).entry.overview).toEqual(overview);
	});

	test('keeps an overview and a secret that it cannot read exactly as they were', async () => {
		const overview = { v: 2, fields: 'elsewhere', name: ['not', 'text'] };
		const secret = { v: 1, fields: 'of another shape' };
		const vault = await vaultOf(overview);
		expect(vault.items.get(ITEM)?.unreadable).toBe(true);
		const made = await again(vault, secret);
		expect(made.entry.overview).toEqual(overview);
		expect(made.secret).toEqual(secret);
		expect(made.next.items.get(ITEM)?.unreadable).toBe(true);
	});

	test('keeps an overview of another version to the letter, fingerprints too', async () => {
		const fields = [field({ fingerprint: 'old' })];
		const overview = { v: 2, name: 'a', fields, previousFingerprints: ['older'] };
		const { entry } = await again(await vaultOf(overview), secretOf('x'));
		expect(entry.overview).toEqual(overview);
	});

	test('has each fingerprint made again, and none that there was not', async () => {
		const fields = [field({ fingerprint: 'old' }), { name: 'other' }];
		const secret = {
			v: 1,
			fields: [
				{ name: 'key', value: 'x' },
				{ name: 'other', value: 'y' }
			]
		};
		const { entry, keys } = await again(await vaultOf({ v: 1, name: 'a', fields }), secret);
		expect(entry.overview).toMatchObject({
			fields: [field({ fingerprint: await fingerprint(keys.fingerprint, 'x') }), { name: 'other' }]
		});
	});

	test('has those of previous values made again, as many as there were', async () => {
		const before = (value: string) => ({ replacedAt: 1, fields: [{ name: 'key', value }] });
		const secret = { ...secretOf('x'), previous: [before('y'), before('z')] };
		const overview = { v: 1, name: 'a', fields: [], previousFingerprints: ['old'] };
		const { entry, keys } = await again(await vaultOf(overview), secret);
		expect(entry.overview).toEqual({
			...overview,
			previousFingerprints: [await fingerprint(keys.fingerprint, 'y')]
		});
	});

	test('has no fingerprint of a value that is not there, or cannot be read', async () => {
		const overview = { v: 1, name: 'a', fields: [field({ fingerprint: 'old' })] };
		for (const secret of [
			{ v: 1, fields: [] },
			{ v: 1, fields: 7 }
		]) {
			const { entry } = await again(await vaultOf(overview), secret);
			expect(entry.overview).toEqual({ v: 1, name: 'a', fields: [field()] });
		}
	});

	test('has none of previous values that cannot be read', async () => {
		const overview = { v: 1, name: 'a', fields: [], previousFingerprints: ['old'] };
		const { entry } = await again(await vaultOf(overview), { v: 1, fields: 7 });
		expect(entry.overview).toEqual({ ...overview, previousFingerprints: [] });
	});

	test('is not listed with a secret that was not read', async () => {
		const vault = await vaultOf({ v: 1, name: 'a' });
		const wrapping = { account: ACCOUNT, generation: 3, accountKey: randomBytes(32) };
		const anew = await VaultAnew.begin(ports, vault, wrapping, randomBytes(32));
		await expect(anew.build()).rejects.toMatchObject(refusal('integrity'));
	});

	test('leaves nothing of its next key but what it is held by, and that can be overwritten', async () => {
		const drawn: Uint8Array[] = [];
		const random = (length: number) => {
			const bytes = randomBytes(length);
			if (length === 32) drawn.push(bytes);
			return bytes;
		};
		const vault = await vaultOf({ v: 1, name: 'a' });
		const wrapping = { account: ACCOUNT, generation: 3, accountKey: randomBytes(32) };
		const anew = await VaultAnew.begin({ ...ports, random }, vault, wrapping, randomBytes(32));
		// The first that is drawn is the key, then comes the salt of its wrap.
		expect(drawn[0]).toEqual(new Uint8Array(32));
		const open = vault.items.get(ITEM);
		if (open === undefined) throw new Error('no entry');
		await anew.take(open, secretOf('x'));
		const { keys } = (await anew.build()).next.place;
		anew.wipe();
		expect([keys.manifest, keys.fingerprint]).toEqual([new Uint8Array(32), new Uint8Array(32)]);
	});

	test('refuses an entry that its longer revision makes too large', async () => {
		const note = (length: number) => ({ v: 1, name: 'a', note: 'n'.repeat(length) });
		const [open] = (await vaultOf(note(0), 9)).items.values();
		if (open === undefined) throw new Error('no entry');
		const vault = await vaultOf(note(4_000 - entryBytes(open.entry)), 9);
		await expect(again(vault, secretOf('x'))).rejects.toMatchObject({
			...refusal('too-large'),
			detail: { size: ENTRY_MAX_BYTES + 1, limit: ENTRY_MAX_BYTES }
		});
		const fitting = await vaultOf(note(3_999 - entryBytes(open.entry)), 9);
		expect((await again(fitting, secretOf('x'))).manifest.seq).toBe(10);
	});
});
