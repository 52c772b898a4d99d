import { describe, expect, test } from 'vitest';
import { merge } from '#lib/keyholder/merge.ts';

describe('merge', () => {
	test('keeps what only they changed and what only I changed', () => {
		expect(merge({ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 3 })).toEqual({ a: 2, b: 3 });
	});

	test('prefers mine where both changed', () => {
		expect(merge({ a: 1 }, { a: 2 }, { a: 3 })).toEqual({ a: 2 });
	});

	test('takes away what I took away, and nothing else', () => {
		const merged = merge({ a: 1, b: 1 }, { b: 1 }, { a: 1, b: 2, c: 3 });
		expect(merged).toStrictEqual({ b: 2, c: 3 });
	});

	test('adds what both added', () => {
		expect(merge({}, { a: 1 }, { b: 2 })).toEqual({ a: 1, b: 2 });
	});

	test('looks into objects: two vaults named on two devices are both named', () => {
		const base = { v: 1, vaults: { x: { name: 'Personal' } } };
		const mine = { v: 1, vaults: { x: { name: 'Mine' } } };
		const theirs = { v: 1, vaults: { x: { name: 'Personal' }, y: { name: 'Work' } } };
		expect(merge(base, mine, theirs)).toEqual({
			v: 1,
			vaults: { x: { name: 'Mine' }, y: { name: 'Work' } }
		});
	});

	test('looks into an object that both added, or that took the place of something else', () => {
		const [mine, theirs] = [{ a: { b: 1 } }, { a: { c: 2 } }];
		expect(merge({}, mine, theirs)).toEqual({ a: { b: 1, c: 2 } });
		expect(merge({ a: ['b'] }, mine, theirs)).toEqual({ a: { b: 1, c: 2 } });
	});

	test('takes lists whole', () => {
		expect(merge({ a: [1] }, { a: [1, 2] }, { a: [1, 3] })).toEqual({ a: [1, 2] });
	});

	test('puts back an object that they took away, if I changed it', () => {
		expect(merge({ a: { b: 1 } }, { a: { b: 2 } }, {})).toEqual({ a: { b: 2 } });
	});
});
