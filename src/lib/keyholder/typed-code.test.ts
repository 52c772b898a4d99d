import { describe, expect, test } from 'vitest';
import { typedCode, typedSymbols } from '#lib/keyholder/typed-code.ts';

describe('typedSymbols', () => {
	test('is read without dashes and spaces, in one of the ways to write it', () => {
		expect(typedSymbols(' abcd-efg0 1 ')).toBe('ABCDEFG01');
		expect(typedSymbols('oil')).toBe('011');
	});

	test('is what was typed where it cannot be one', () => {
		expect(typedSymbols('no - code!')).toBe('nocode!');
	});
});

describe('typedCode', () => {
	test('is six digits, or ten symbols', () => {
		expect(typedCode(' 123 456 ')).toBe('123456');
		expect(typedCode('abcde-fghjk')).toBe('ABCDEFGHJK');
	});

	test('is nothing where it cannot be one', () => {
		for (const typed of ['', '12345', '1234567', 'abcde-fghj', 'abcde-fghj!']) {
			expect(typedCode(typed)).toBeUndefined();
		}
	});
});
