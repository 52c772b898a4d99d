import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import {
	openAccountManifest,
	sealAccountManifest,
	type AccountManifest
} from '#lib/protocol/account-manifest.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import { refusal } from '../../../tests/refusals.ts';

const filled = (value: number, length = 16): Bytes => new Uint8Array(length).fill(value);
const id = (value: number) => idText(filled(value));
const key = filled(1, 32);
const common = {
	createdMs: 1_700_000_000_000,
	authPublicKey: filled(8, 32),
	wrapHash: filled(9, 32)
};
const password = { ...common, id: id(1), kind: 1, profile: 1 };
const kit = { ...common, id: id(2), kind: 2, profile: 0 };
const passkey = { ...common, id: id(3), kind: 3, profile: 0, authPublicKey: noHash() };
const vault = { id: id(4), generation: 1, keyWrapHash: filled(7, 32), floorSeq: 1 };
const manifest: AccountManifest = {
	account: id(9),
	generation: 2,
	seq: 5,
	prev: filled(6, 32),
	minSuite: 1,
	minProfile: 1,
	unixMs: 1_700_000_000_000,
	device: id(10),
	settingsHash: filled(5, 32),
	slots: [password, kit],
	vaults: [vault]
};

async function seal(change: Partial<AccountManifest> = {}): Promise<Bytes> {
	return sealAccountManifest(key, { ...manifest, ...change }, randomBytes);
}

describe('an account manifest', () => {
	test.each<[string, Partial<AccountManifest>]>([
		['two slots and a vault', {}],
		['a passkey', { slots: [password, kit, passkey] }],
		['a passkey instead of a kit', { slots: [password, passkey] }],
		['no vault', { vaults: [] }],
		['no settings', { settingsHash: undefined }],
		['the stronger profile', { minProfile: 2, slots: [{ ...password, profile: 2 }, kit] }],
		['the first seq', { seq: 1, prev: noHash() }]
	])('with %s reads back as it was written', async (_what, change) => {
		const written = { ...manifest, ...change };
		const opened = await openAccountManifest(key, written, await seal(change));
		expect(opened).toEqual(written);
	});

	test('reads back as it was written, whatever stands in it', async () => {
		const hash = fc
			.uint8Array({ minLength: 32, maxLength: 32 })
			.map((bytes) => Uint8Array.from([1, ...bytes.subarray(1)]));
		const ids = fc.uniqueArray(fc.uint8Array({ minLength: 16, maxLength: 16 }).map(idText), {
			minLength: 24,
			maxLength: 24
		});
		const parts = fc.record({
			ids,
			hash,
			time: fc.maxSafeNat(),
			floor: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 1 }),
			passkeys: fc.integer({ min: 1, max: 14 }),
			vaults: fc.nat(8)
		});
		await fc.assert(
			fc.asyncProperty(parts, async ({ ids, hash, time, floor, passkeys, vaults }) => {
				const more = Array.from({ length: passkeys }, () => passkey);
				const slots = [password, kit, ...more].map((slot, i) => ({
					...slot,
					id: ids[i] ?? '',
					createdMs: time,
					wrapHash: hash
				}));
				const listed = Array.from({ length: vaults }, (_, i) => ({
					id: ids[16 + i] ?? '',
					generation: 1 + i * 0x1000_0000,
					keyWrapHash: hash,
					floorSeq: floor
				}));
				const change = { slots, vaults: listed, seq: floor + 1, settingsHash: hash, unixMs: time };
				const written = { ...manifest, ...change };
				const opened = await openAccountManifest(key, written, await seal(change));
				expect(new Set(opened.slots)).toEqual(new Set(slots));
				expect(new Set(opened.vaults)).toEqual(new Set(listed));
				expect({ ...opened, slots, vaults: listed }).toEqual(written);
			}),
			{ seed: 1, numRuns: 50 }
		);
	});

	test('puts slots and vaults in order of their ids', async () => {
		const wrapped = await seal({ slots: [kit, password] });
		const opened = await openAccountManifest(key, manifest, wrapped);
		expect(opened.slots).toEqual([password, kit]);
	});

	test('has 388 bytes with two slots and no vault', async () => {
		expect(await seal({ vaults: [] })).toHaveLength(388);
	});

	test('has 5,488 bytes with 16 slots and 64 vaults', async () => {
		const passkeys = Array.from({ length: 14 }, (_, i) => ({ ...passkey, id: id(20 + i) }));
		const vaults = Array.from({ length: 64 }, (_, i) => ({ ...vault, id: id(100 + i) }));
		const wrapped = await seal({ slots: [password, kit, ...passkeys], vaults });
		expect(wrapped).toHaveLength(5_488);
		const extra = { ...passkey, id: id(50) };
		await expect(seal({ slots: [password, kit, ...passkeys, extra] })).rejects.toMatchObject(
			refusal('integrity')
		);
		await expect(seal({ vaults: [...vaults, vault] })).rejects.toMatchObject(refusal('integrity'));
	});

	test.each<[string, Partial<AccountManifest>]>([
		['only a password', { slots: [password] }],
		['no password', { slots: [kit, passkey] }],
		['two passwords', { slots: [password, { ...password, id: id(3) }] }],
		['two kits', { slots: [password, kit, { ...kit, id: id(3) }] }],
		['a slot twice', { slots: [password, kit, kit] }],
		['a vault twice', { vaults: [vault, vault] }],
		['a kit with a profile', { slots: [password, { ...kit, profile: 1 }] }],
		['a kit without a public key', { slots: [password, { ...kit, authPublicKey: noHash() }] }],
		['a passkey with a public key', { slots: [password, { ...passkey, ...common }] }],
		['a password below the lowest profile', { minProfile: 2 }],
		['a vault of generation 0', { vaults: [{ ...vault, generation: 0 }] }],
		['a floor of 0', { vaults: [{ ...vault, floorSeq: 0 }] }],
		['no prev', { prev: noHash() }],
		['a prev at seq 1', { seq: 1 }],
		['suite 0', { minSuite: 0 }]
	])('with %s is refused', async (_what, change) => {
		await expect(seal(change)).rejects.toMatchObject(refusal('integrity'));
	});

	test.each<[string, Partial<AccountManifest>]>([
		['a later suite', { minSuite: 2 }],
		['a later profile', { minProfile: 3 }],
		['no profile', { minProfile: 0 }],
		['the reserved kind', { slots: [password, { ...kit, kind: 4 }] }],
		['kind 0', { slots: [password, { ...kit, kind: 0 }] }],
		['a password of a later profile', { slots: [{ ...password, profile: 3 }, kit] }]
	])('with %s is unsupported', async (_what, change) => {
		await expect(seal(change)).rejects.toMatchObject(refusal('unsupported'));
	});

	test.each([
		['of another account', { account: id(8) }],
		['of an older generation', { generation: 1 }],
		['of last week', { seq: 6 }]
	])('does not open when a server serves one %s', async (_what, change) => {
		const asked = { ...manifest, ...change };
		await expect(openAccountManifest(key, asked, await seal())).rejects.toMatchObject(
			refusal('integrity')
		);
	});
});
