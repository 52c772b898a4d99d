import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { unwrap, wrap, WRAP_OVERHEAD_BYTES } from '#lib/crypto/wrap.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';

const key = new Uint8Array(32).fill(1);
const context = new Uint8Array(66).fill(2);
const plain = new Uint8Array(36).fill(3);
const wrapped = await wrap(key, context, plain, randomBytes);

function flipped(bytes: Bytes, index: number): Bytes {
	return bytes.map((byte, i) => (i === index ? byte ^ 1 : byte));
}

describe('unwrap', () => {
	test('reverses wrap', async () => {
		const bytes = fc.uint8Array({ maxLength: 300 }).map((made) => Uint8Array.from(made));
		const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((k) => Uint8Array.from(k));
		await fc.assert(
			fc.asyncProperty(keys, bytes, bytes, async (k, where, what) => {
				const made = await wrap(k, where, what, randomBytes);
				expect(made).toHaveLength(what.length + WRAP_OVERHEAD_BYTES);
				expect(equal(await unwrap(k, where, made), what)).toBe(true);
			}),
			{ seed: 1, numRuns: 100 }
		);
	});

	test.each(Array.from(context.keys()))('refuses another byte %d of the context', async (index) => {
		await expect(unwrap(key, flipped(context, index), wrapped)).rejects.toMatchObject({
			code: 'integrity'
		});
	});

	test.each(Array.from(wrapped.keys()).slice(1))('refuses another byte %d', async (index) => {
		await expect(unwrap(key, context, flipped(wrapped, index))).rejects.toMatchObject({
			code: 'integrity'
		});
	});

	test('says the same of every cause', async () => {
		const messageOf = async (refused: Promise<unknown>) =>
			refused.then(
				() => 'opened',
				(error: unknown) => String(error)
			);
		const messages = await Promise.all([
			messageOf(unwrap(key, context, flipped(wrapped, 1))),
			messageOf(unwrap(key, context, flipped(wrapped, 40))),
			messageOf(unwrap(key, context, flipped(wrapped, 70))),
			messageOf(unwrap(flipped(key, 0), context, wrapped)),
			messageOf(unwrap(key, flipped(context, 0), wrapped))
		]);
		expect(new Set(messages).size).toBe(1);
	});

	test.each([0, 2, 255])('refuses suite %d', async (suite) => {
		const changed = wrapped.slice();
		changed[0] = suite;
		await expect(unwrap(key, context, changed)).rejects.toMatchObject({ code: 'unsupported' });
	});

	test.each([0, 1, 80])('refuses %d bytes', async (length) => {
		await expect(unwrap(key, context, wrapped.slice(0, length))).rejects.toMatchObject({
			code: 'format'
		});
	});
});

test('the same plaintext is never wrapped to the same bytes', async () => {
	expect(equal(await wrap(key, context, plain, randomBytes), wrapped)).toBe(false);
});
