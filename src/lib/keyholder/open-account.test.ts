import { describe, expect, test } from 'vitest';
import {
	pinOf,
	rowOf,
	vaultOf,
	viewOf,
	wipe,
	wipeAccountKeys,
	wipeFresh
} from '#lib/keyholder/open-account.ts';
import type { VaultPlace } from '#lib/keyholder/vault-state.ts';
import { encloseKeys } from '#lib/protocol/account-keys.ts';
import { NOW } from '../../../tests/hostile/harness.ts';
import {
	ACCOUNT,
	accountOf,
	bytes,
	ITEM,
	SLOT,
	vaultNamed
} from '../../../tests/hostile/open-accounts.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('an account as it is shown', () => {
	test('has the email that was typed, and never the one that is served', () => {
		expect(viewOf(accountOf()).email).toBe('ada@example.org');
		expect(viewOf({ ...accountOf(), typed: undefined }).email).toBe('');
	});

	test('says how it was opened, by whom it is known and since when', () => {
		const open = { ...accountOf(), known: false };
		expect(viewOf(open)).toMatchObject({
			...{ account: ACCOUNT, unlockedBy: 'recovery', known: false, verifiedAtMs: NOW }
		});
	});

	test('lists its ways in, a passkey with its name and when it was used', () => {
		const settings = { v: 1, passkeys: { [SLOT.laptop]: { name: 'Laptop' } } };
		expect(viewOf(accountOf([], settings)).slots).toEqual([
			{ id: SLOT.password, kind: 'password', profile: 1, createdAtMs: NOW },
			{ id: SLOT.kit, kind: 'recovery', createdAtMs: NOW },
			{ id: SLOT.phone, kind: 'passkey', createdAtMs: NOW, usedAtMs: NOW + 5 },
			{ id: SLOT.laptop, kind: 'passkey', createdAtMs: NOW, name: 'Laptop' }
		]);
	});

	test('leaves out what is not known of a passkey', () => {
		const [, , phone, laptop] = viewOf(accountOf()).slots;
		expect(Object.keys(phone ?? {})).not.toContain('name');
		expect(Object.keys(laptop ?? {})).not.toContain('usedAtMs');
	});

	test('lists a passkey of which nothing is served', () => {
		const open = accountOf();
		const view = viewOf({ ...open, state: { ...open.state, slots: [] } });
		expect(view.slots[2]).toEqual({ id: SLOT.phone, kind: 'passkey', createdAtMs: NOW });
	});

	test('lists its vaults as they were made, one without a name last', async () => {
		const vaults = await Promise.all(['b', 'c', 'a'].map((id) => vaultNamed(id)));
		const settings = { v: 1, vaults: { c: { name: 'First' }, a: { name: 'Second' } } };
		const named = viewOf(accountOf(vaults, settings)).vaults.map(({ id, name }) => [id, name]);
		expect(named).toEqual([
			['c', 'First'],
			['a', 'Second'],
			['b', 'Personal']
		]);
	});

	test('says of each vault where it stands and since when that is verified', async () => {
		const vaults = [await vaultNamed('a'), await vaultNamed('b', 5)];
		const settings = { v: 1, vaults: { a: { name: 'A' }, b: { name: 'B' } } };
		const since = { verifiedSince: new Map([['b', NOW + 9]]) };
		expect(viewOf({ ...accountOf(vaults, settings), ...since }).vaults).toMatchObject([
			{ id: 'a', seq: 4, changedAtMs: NOW + 4, verifiedAtMs: NOW, keys: [rowOf('a', ITEM)] },
			{ id: 'b', seq: 5, changedAtMs: NOW + 5, verifiedAtMs: NOW + 9 }
		]);
	});
});

describe('a key as it is listed', () => {
	test('is its item, its revision and its overview', () => {
		const row = { vault: 'v', item: 'item', revision: 3, overview: ITEM.overview };
		expect(rowOf('v', ITEM)).toStrictEqual(row);
	});

	test('says that it cannot be read, where it cannot', () => {
		expect(rowOf('v', { ...ITEM, unreadable: true })).toMatchObject({ unreadable: true });
	});
});

describe('where an account stands', () => {
	test('is where its own chain and those of its vaults stand', async () => {
		expect(pinOf(accountOf([await vaultNamed('a', 6)]))).toEqual({
			...{ generation: 3, seq: 7, head: bytes(8) },
			vaults: { a: { generation: 2, seq: 6, head: bytes(6) } }
		});
	});

	test('a vault that it does not have is gone', async () => {
		const vault = await vaultNamed('a');
		expect(vaultOf(accountOf([vault]), 'a')).toBe(vault);
		expect(() => vaultOf(accountOf([vault]), 'b')).toThrow(
			expect.objectContaining(refusal('gone')) as Error
		);
	});
});

describe('keys that are plain bytes', () => {
	function isGone({ keys: { manifest, fingerprint } }: VaultPlace): boolean {
		return [manifest, fingerprint].every((key) => key.every((byte) => byte === 0));
	}

	test('are overwritten, those of the account and of each vault', async () => {
		const open = accountOf([await vaultNamed('a'), await vaultNamed('b')]);
		wipe(open);
		expect(open.state.keys).toEqual({
			manifest: bytes(0),
			vaultWrap: bytes(0),
			settings: bytes(0)
		});
		expect(open.state.vaults.map(isGone)).toEqual([true, true]);
	});

	test('are not there where WebCrypto holds them', async () => {
		const keys = { manifest: bytes(), vaultWrap: bytes(), settings: bytes() };
		const enclosed = await encloseKeys(keys);
		wipeAccountKeys(enclosed);
		expect(enclosed.manifest).toBeInstanceOf(CryptoKey);
		wipeAccountKeys({ ...keys, settings: enclosed.settings });
		expect([keys.manifest, keys.vaultWrap]).toEqual([bytes(0), bytes(0)]);
	});

	test('are overwritten of the vaults that nobody keeps', async () => {
		const [kept, dropped] = [(await vaultNamed('a')).place, (await vaultNamed('b')).place];
		wipeFresh([kept, dropped], [{ ...kept, floorSeq: 9 }]);
		expect([kept, dropped].map(isGone)).toEqual([false, true]);
		wipeFresh([kept]);
		expect(isGone(kept)).toBe(true);
	});
});
