import { describe, expect, test } from 'vitest';
import { fragmentOf, placeOf } from './fragment.ts';

describe('placeOf', () => {
	test('finds no key in an empty fragment', () => {
		expect(placeOf('')).toEqual({ key: undefined, editing: false });
	});

	test('reads back what fragmentOf writes', () => {
		expect(placeOf(fragmentOf('a-b_c', true))).toEqual({ key: 'a-b_c', editing: true });
	});

	test('edits nothing without a key', () => {
		expect(placeOf('#edit').editing).toBe(false);
	});
});

describe('fragmentOf', () => {
	test('is empty without a key', () => {
		expect(fragmentOf(undefined, true)).toBe('');
	});
});
