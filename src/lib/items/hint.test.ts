import { describe, expect, test } from 'vitest';
import { hintOf, wholeOf } from '#lib/items/hint.ts';

describe('hintOf', () => {
	test('is the public prefix and the last four characters', () => {
		const value = ['sk', 'live', 'a'.repeat(20) + '4f2a'].join('_');
		expect(hintOf(value)).toEqual({ prefix: 'sk_live_', last: '4f2a' });
	});

	test('has no prefix where nobody is known', () => {
		expect(hintOf('?'.repeat(20) + '4f2a')).toEqual({ prefix: '', last: '4f2a' });
	});

	test('leaves at least twelve characters unseen', () => {
		expect(hintOf('?'.repeat(16))).toBeDefined();
		expect(hintOf('?'.repeat(15))).toBeUndefined();
	});

	test('does not cut a character in half', () => {
		expect(hintOf('?'.repeat(20) + '🔑🔑🔑🔑')?.last).toBe('🔑🔑🔑🔑');
	});

	test('is absent for several lines', () => {
		expect(hintOf('-----BEGIN PRIVATE KEY-----\n' + 'A'.repeat(64))).toBeUndefined();
	});
});

describe('wholeOf', () => {
	test('is the value, with nothing behind it', () => {
		expect(wholeOf('eu-west-1')).toEqual({ prefix: 'eu-west-1', last: '' });
	});

	test.each(['?'.repeat(101), '-----BEGIN PUBLIC KEY-----\n' + 'A'.repeat(64)])(
		'is what a hidden one shows where the value is a file: %j',
		(value) => {
			expect(wholeOf(value)).toEqual(hintOf(value));
		}
	);
});
