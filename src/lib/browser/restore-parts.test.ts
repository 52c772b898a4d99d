import { describe, expect, test } from 'vitest';
import { divided, partsOf, type Addition } from '#lib/browser/restore-parts.ts';
import { rowOf, VAULT } from '../../../tests/browser/keys.ts';

function additions(count: number, valueLength = 10): Addition[] {
	const secret = { v: 1, fields: [{ name: 'key', value: 'x'.repeat(valueLength) }] } as const;
	return Array.from({ length: count }, (_, i) => ({
		kind: 'add',
		vault: VAULT,
		overview: rowOf(`${i}`).overview,
		secret
	}));
}

describe('partsOf', () => {
	test('leaves everything in one commit where it fits', () => {
		expect(partsOf(additions(9_000))).toHaveLength(1);
		expect(partsOf(additions(150, 64_000))).toHaveLength(1);
	});

	test('divides what is more records than a commit has', () => {
		const parts = partsOf(additions(20_000));
		expect(parts.map(({ length }) => length)).toEqual([9_747, 9_747, 506]);
	});

	test('divides what is more bytes than a commit has', () => {
		const parts = partsOf(additions(1_000, 64_000));
		expect(parts.length).toBeGreaterThan(5);
		// 64,000 bytes of value are 65,565 sealed, and four thirds of that as they are sent.
		for (const part of parts) expect(part.length * 87_420).toBeLessThan(16 * 1024 * 1024);
	});

	test('keeps every key, in order', () => {
		const all = additions(20_000);
		expect(partsOf(all).flat()).toEqual(all);
	});

	test('makes nothing of nothing', () => {
		expect(partsOf([])).toEqual([]);
	});
});

describe('divided', () => {
	test('makes two halves', () => {
		expect(divided(additions(5)).map(({ length }) => length)).toEqual([3, 2]);
	});

	test('leaves one key alone', () => {
		expect(divided(additions(1))).toHaveLength(1);
	});
});
