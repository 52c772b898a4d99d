import { describe, expect, test } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { readEmail, readTyped } from '#lib/keyholder/typed.ts';
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
