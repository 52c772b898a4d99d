import { describe, expect, test } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { randomFor, shardOf } from '#lib/server/db/shard.ts';

/** Made by Python's hashlib: accounts would be lost if another version came to another database. */
const KNOWN = [
	['ada@example.org', 4, 3],
	['bob@example.org', 4, 3],
	['ada@example.org', 16, 3],
	['bob@example.org', 16, 15],
	['', 3, 1]
] as const;

describe('which database a value belongs to', () => {
	test.each(KNOWN)('is known for %j among %i', (text, count, index) => {
		expect(shardOf(utf8(text), count)).toBe(index);
	});

	test('is the only one where there is one', () => {
		expect(shardOf(utf8('ada@example.org'), 1)).toBe(0);
	});

	test.each([2, 3, 4, 7, 16, 64])('is each of %i about equally often', (count) => {
		const found = new Array<number>(count).fill(0);
		const perDatabase = 500;
		for (let n = 0; n < count * perDatabase; n++) {
			const index = shardOf(utf8(`person-${n}@example.org`), count);
			found[index] = (found[index] ?? 0) + 1;
		}
		for (const times of found) expect(Math.abs(times - perDatabase)).toBeLessThan(100);
	});
});

describe('random bytes of a database', () => {
	test.each([2, 4, 64])('belong to it, among %i', (count) => {
		for (let index = 0; index < count; index++) {
			const bytes = randomFor(32, { index, count });
			expect(bytes).toHaveLength(32);
			expect(shardOf(bytes, count)).toBe(index);
		}
	});

	test('are any where there is one', () => {
		expect(randomFor(16, undefined)).toHaveLength(16);
	});
});
