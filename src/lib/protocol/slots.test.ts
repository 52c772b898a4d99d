import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { equal, hex, type Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import {
	passkeyDescriptor,
	passwordDescriptor,
	passwordSalt,
	recoveryDescriptor,
	recoveryLocator,
	recoveryRoot,
	slotKeys
} from '#lib/protocol/slots.ts';
import {
	unwrapAccountKey,
	unwrapVaultKey,
	wrapAccountKey,
	wrapVaultKey
} from '#lib/protocol/wrapped-keys.ts';
import { refusal } from '../../../tests/refusals.ts';

const filled = (value: number, length = 16): Bytes => new Uint8Array(length).fill(value);
const salt = filled(4);

describe('passwordSalt', () => {
	test('differs where profile, email or salt differ', async () => {
		const salts = await Promise.all([
			passwordSalt(1, 'a@x', salt),
			passwordSalt(2, 'a@x', salt),
			passwordSalt(1, 'b@x', salt),
			passwordSalt(1, 'a@x', filled(5))
		]);
		expect(new Set(salts.map(hex)).size).toBe(4);
	});

	test.each([0, 3, 255])('refuses profile %d', async (profile) => {
		await expect(passwordSalt(profile, 'a@x', salt)).rejects.toMatchObject(refusal('kdf-refused'));
	});

	test.each([0, 15, 17, 32])('refuses a salt of %d bytes', async (length) => {
		await expect(passwordSalt(1, 'a@x', filled(4, length))).rejects.toMatchObject(
			refusal('format')
		);
	});
});

describe('slotKeys', () => {
	test('are four different keys for two kinds of one root', async () => {
		const root = filled(1, 32);
		const made = await Promise.all([slotKeys(root, 1), slotKeys(root, 2)]);
		expect(new Set(made.flatMap(({ kek, seed }) => [hex(kek), hex(seed)])).size).toBe(4);
	});

	test.each([0, 4, 5, 255])('refuses kind %d', async (kind) => {
		await expect(slotKeys(filled(1, 32), kind)).rejects.toMatchObject(refusal('unsupported'));
	});

	test('refuses a root of another size', async () => {
		await expect(slotKeys(filled(1, 31), 1)).rejects.toMatchObject(refusal('format'));
	});
});

describe('a recovery secret', () => {
	test('gives a root and a locator that tell nothing of each other', async () => {
		const [root, locator] = [
			await recoveryRoot(filled(1, 20)),
			await recoveryLocator(filled(1, 20))
		];
		expect([root.length, locator.length]).toEqual([32, 16]);
		expect(equal(root.subarray(0, 16), locator)).toBe(false);
	});

	test.each([0, 19, 21])('has not %d bytes', async (length) => {
		await expect(recoveryRoot(filled(1, length))).rejects.toMatchObject(refusal('format'));
		await expect(recoveryLocator(filled(1, length))).rejects.toMatchObject(refusal('format'));
	});
});

describe('descriptors', () => {
	test('keep credential and host apart', async () => {
		const one = await passkeyDescriptor(Uint8Array.of(1, 2), 'a');
		const two = await passkeyDescriptor(Uint8Array.of(1), '\u0002a');
		expect(equal(one, two)).toBe(false);
	});

	test('refuse a credential id that has no length', async () => {
		await expect(passkeyDescriptor(new Uint8Array(65_536), 'a')).rejects.toMatchObject(
			refusal('format')
		);
	});
});

const id = (value: number) => idText(filled(value));
const kek = filled(9, 32);
const accountKey = filled(8, 32);
const elsewhere = {
	kit: await recoveryDescriptor(),
	profile: await passwordDescriptor(2, salt),
	salt: await passwordDescriptor(1, filled(5))
};
const place = {
	account: id(1),
	slot: id(2),
	descriptor: await passwordDescriptor(1, salt),
	revision: 3,
	generation: 4
};
const wrapped = await wrapAccountKey({ ...place, kek, accountKey, random: randomBytes });

describe('an account key in a slot', () => {
	test('has 117 bytes and opens where it belongs', async () => {
		expect(wrapped).toHaveLength(117);
		expect(await unwrapAccountKey({ ...place, kek, wrapped })).toEqual(accountKey);
	});

	test.each([
		['to another account', { account: id(3) }],
		['to another slot', { slot: id(3) }],
		['to another kind', { descriptor: elsewhere.kit }],
		['to another profile', { descriptor: elsewhere.profile }],
		['to another salt', { descriptor: elsewhere.salt }],
		['to an older revision', { revision: 2 }],
		['to an older generation', { generation: 3 }],
		['to another password', { kek: filled(7, 32) }]
	])('does not open when a server moves it %s', async (_where, change) => {
		await expect(unwrapAccountKey({ ...place, kek, wrapped, ...change })).rejects.toMatchObject(
			refusal('integrity')
		);
	});

	test.each([0, 80, 116, 118])('is not %d bytes', async (length) => {
		const cut = new Uint8Array(length);
		cut.set(wrapped.subarray(0, length));
		await expect(unwrapAccountKey({ ...place, kek, wrapped: cut })).rejects.toMatchObject(
			refusal('format')
		);
	});

	test('is not wrapped if it has another size', async () => {
		const short = { ...place, kek, accountKey: filled(8, 31), random: randomBytes };
		await expect(wrapAccountKey(short)).rejects.toMatchObject(refusal('format'));
	});
});

describe('a vault key under the account key', () => {
	const vault = { account: id(1), vault: id(2), accountGeneration: 3, generation: 4 };
	const key = filled(6, 32);

	test('opens where it belongs and nowhere else', async () => {
		const made = await wrapVaultKey({
			...vault,
			key,
			vaultKey: filled(5, 32),
			random: randomBytes
		});
		expect(await unwrapVaultKey({ ...vault, key, wrapped: made })).toEqual(filled(5, 32));
		const moves = [
			{ account: id(9) },
			{ vault: id(9) },
			{ accountGeneration: 2 },
			{ generation: 3 },
			{ key: filled(9, 32) }
		];
		for (const move of moves) {
			await expect(unwrapVaultKey({ ...vault, key, wrapped: made, ...move })).rejects.toMatchObject(
				refusal('integrity')
			);
		}
	});
});
