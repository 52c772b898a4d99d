import { describe, expect, test } from 'vitest';
import { fragmentOf, placeOf } from './fragment.ts';

describe('placeOf', () => {
	test('finds no key in an empty fragment', () => {
		expect(placeOf('')).toEqual({ key: undefined, form: undefined });
	});

	test.each(['edit', 'rotate', 'revoke', undefined] as const)(
		'reads back what fragmentOf writes: %s',
		(form) => {
			expect(placeOf(fragmentOf('a-b_c', form))).toEqual({ key: 'a-b_c', form });
		}
	);

	test('has no form without a key', () => {
		expect(placeOf('#edit').form).toBeUndefined();
	});
});

describe('fragmentOf', () => {
	test('is empty without a key', () => {
		expect(fragmentOf(undefined, 'edit')).toBe('');
	});
});
