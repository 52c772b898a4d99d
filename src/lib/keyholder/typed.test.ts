import { describe, expect, test } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { readEmail, readTyped, typedCode, typedSymbols } from '#lib/keyholder/typed.ts';
import { refusal } from '../../../tests/refusals.ts';

/** Composed only once its letter is small: the rule applied twice gives another address. */
const TWICE = 'H\u0331@example.org';

describe('readEmail', () => {
	test('sends what was typed, and hashes what the rule makes of it', () => {
		expect(readEmail(` ${TWICE}`)).toEqual({
			emailAsTyped: ` ${TWICE}`,
			email: 'h\u0331@example.org'
		});
	});

	test('refuses what is too long to be sent as it was typed', () => {
		const longest = ' '.repeat(320 - 'a@b'.length) + 'a@b';
		expect(readEmail(longest).emailAsTyped).toBe(longest);
		expect(() => readEmail(` ${longest}`)).toThrow(expect.objectContaining(refusal('invalid')));
	});
});

describe('readTyped', () => {
	test('is the email, and the password in bytes', () => {
		expect(readTyped('Ada@example.org', 'correct horse battery fish')).toEqual({
			emailAsTyped: 'Ada@example.org',
			email: 'ada@example.org',
			password: utf8('correct horse battery fish')
		});
	});

	test('refuses what is no email, and what is no password', () => {
		for (const [email, password] of [
			['ada', 'correct horse battery fish'],
			['ada@example.org', '\ud800']
		] as const) {
			expect(() => readTyped(email, password)).toThrow(expect.objectContaining(refusal('invalid')));
		}
	});
});

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
