import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { open, seal, SEAL_OVERHEAD_BYTES, sealingKey } from '#lib/crypto/seal.ts';
import { equal, utf8, type Bytes } from '#lib/encoding/bytes.ts';

const key = await sealingKey(new Uint8Array(32).fill(1));
const context = new Uint8Array(66).fill(2);
const sealed = await seal(key, context, utf8('sk_live_51H'), randomBytes);

function flipped(bytes: Bytes, index: number): Bytes {
	return bytes.map((byte, i) => (i === index ? byte ^ 1 : byte));
}

describe('open', () => {
	test('reverses seal', async () => {
		const bytes = fc.uint8Array({ maxLength: 300 });
		await fc.assert(
			fc.asyncProperty(bytes, bytes, async (where, plain) => {
				const made = await seal(key, Uint8Array.from(where), Uint8Array.from(plain), randomBytes);
				expect(made).toHaveLength(plain.length + SEAL_OVERHEAD_BYTES);
				expect(equal(await open(key, Uint8Array.from(where), made), plain)).toBe(true);
			}),
			{ seed: 1, numRuns: 100 }
		);
	});

	test.each(Array.from(context.keys()))('refuses another byte %d of the context', async (index) => {
		await expect(open(key, flipped(context, index), sealed)).rejects.toMatchObject({
			code: 'integrity'
		});
	});

	test.each(Array.from(sealed.keys()).slice(1))('refuses another byte %d', async (index) => {
		await expect(open(key, context, flipped(sealed, index))).rejects.toMatchObject({
			code: 'integrity'
		});
	});

	test.each([0, 2, 255])('refuses suite %d', async (suite) => {
		const changed = sealed.slice();
		changed[0] = suite;
		await expect(open(key, context, changed)).rejects.toMatchObject({ code: 'unsupported' });
	});

	test.each([0, 1, 28])('refuses %d bytes', async (length) => {
		await expect(open(key, context, sealed.slice(0, length))).rejects.toMatchObject({
			code: 'format'
		});
	});

	test('refuses what is cut or continued', async () => {
		const refused = { code: 'integrity' };
		await expect(open(key, context, sealed.slice(0, -1))).rejects.toMatchObject(refused);
		const longer = Uint8Array.from([...sealed, 0]);
		await expect(open(key, context, longer)).rejects.toMatchObject(refused);
	});

	test('refuses another key', async () => {
		const other = await sealingKey(new Uint8Array(32).fill(3));
		await expect(open(other, context, sealed)).rejects.toMatchObject({ code: 'integrity' });
	});
});

describe('a sealing key', () => {
	test('cannot be read out', async () => {
		expect(key.extractable).toBe(false);
		await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
	});

	test('draws a new nonce every time', async () => {
		const again = await seal(key, context, utf8('sk_live_51H'), randomBytes);
		expect(equal(again.subarray(1, 13), sealed.subarray(1, 13))).toBe(false);
	});
});
