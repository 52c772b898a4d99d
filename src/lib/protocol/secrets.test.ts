import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { padme } from '#lib/crypto/padding.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { sealingKey } from '#lib/crypto/seal.ts';
import { fingerprint } from '#lib/protocol/fingerprint.ts';
import { isSecretHash, openSecret, sealSecret, secretHash } from '#lib/protocol/secrets.ts';
import { openSettings, sealSettings } from '#lib/protocol/settings.ts';
import { idText } from '#lib/encoding/id.ts';
import { refusal } from '../../../tests/refusals.ts';

const id = (value: number) => idText(new Uint8Array(16).fill(value));
const key = await sealingKey(new Uint8Array(32).fill(1));
const place = { account: id(1), vault: id(2), generation: 3, item: id(4), revision: 5 };

/** An object whose JSON has exactly `bytes` bytes. */
function sized(bytes: number): object {
	return { v: 1, a: 'x'.repeat(bytes - '{"v":1,"a":""}'.length) };
}

describe('a secret', () => {
	test('opens to the object that was sealed, members that nobody knows included', async () => {
		const text = fc.string({ unit: 'grapheme', maxLength: 200 });
		await fc.assert(
			fc.asyncProperty(text, text, async (name, value) => {
				const secret = { v: 1, fields: [{ name, value }], later: { value } };
				const blob = await sealSecret(key, place, secret, randomBytes);
				expect(await openSecret(key, place, blob)).toEqual(secret);
			}),
			{ seed: 1, numRuns: 50 }
		);
	});

	test.each([
		[20, 285],
		[252, 285],
		[253, 301],
		[508, 541],
		[65_532, 65_565]
	])('of %d bytes is sealed to %d', async (bytes, size) => {
		const blob = await sealSecret(key, place, sized(bytes), randomBytes);
		expect(blob).toHaveLength(size);
		expect(blob).toHaveLength(29 + Math.max(256, padme(4 + bytes)));
		await expect(openSecret(key, place, blob)).resolves.toEqual(sized(bytes));
	});

	test('of 65,533 bytes is refused', async () => {
		await expect(sealSecret(key, place, sized(65_533), randomBytes)).rejects.toMatchObject(
			refusal('format')
		);
	});

	test.each([
		['another account’s', { account: id(9) }],
		['another vault’s', { vault: id(9) }],
		['another item’s', { item: id(9) }],
		['an older', { revision: 6 }],
		['an older generation’s', { generation: 4 }]
	])('does not open when a server answers with %s', async (_whose, change) => {
		const blob = await sealSecret(key, place, sized(20), randomBytes);
		await expect(openSecret(key, { ...place, ...change }, blob)).rejects.toMatchObject(
			refusal('integrity')
		);
	});
});

describe('secretHash', () => {
	test('is what isSecretHash takes, and differs for another blob', async () => {
		const [one, two] = [await secretHash(new Uint8Array(1)), await secretHash(new Uint8Array(2))];
		expect(isSecretHash(one)).toBe(true);
		expect(isSecretHash(`A${one}`)).toBe(false);
		expect(isSecretHash(`${one}A`)).toBe(false);
		expect(one).not.toBe(two);
	});
});

describe('settings', () => {
	const wrapping = new Uint8Array(32).fill(2);
	const where = { account: id(1), generation: 1, seq: 2 };

	test.each([
		[20, 1_105],
		[1_020, 1_105],
		[1_021, 2_129],
		[65_532, 65_617]
	])('of %d bytes are wrapped to %d', async (bytes, size) => {
		const blob = await sealSettings(wrapping, where, sized(bytes), randomBytes);
		expect(blob).toHaveLength(size);
		await expect(openSettings(wrapping, where, blob)).resolves.toEqual(sized(bytes));
	});

	test('of 65,533 bytes are refused', async () => {
		await expect(sealSettings(wrapping, where, sized(65_533), randomBytes)).rejects.toMatchObject(
			refusal('format')
		);
	});

	test('of another version are refused', async () => {
		const blob = await sealSettings(wrapping, where, { v: 2 }, randomBytes);
		await expect(openSettings(wrapping, where, blob)).rejects.toMatchObject(refusal('unsupported'));
	});

	test.each([{ seq: 3 }, { generation: 2 }, { account: id(9) }])(
		'do not open for %j',
		async (change) => {
			const blob = await sealSettings(wrapping, where, sized(20), randomBytes);
			await expect(openSettings(wrapping, { ...where, ...change }, blob)).rejects.toMatchObject(
				refusal('integrity')
			);
		}
	);
});

describe('fingerprint', () => {
	test('is the same for the same value in one vault only', async () => {
		const [one, two] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
		expect(await fingerprint(one, 'a')).toBe(await fingerprint(one, 'a'));
		expect(await fingerprint(one, 'a')).not.toBe(await fingerprint(two, 'a'));
		expect(await fingerprint(one, 'a')).not.toBe(await fingerprint(one, 'b'));
		expect(await fingerprint(one, '')).toHaveLength(22);
	});

	test('refuses a lone surrogate', async () => {
		await expect(fingerprint(new Uint8Array(32), '\ud800')).rejects.toMatchObject(
			refusal('format')
		);
	});
});
