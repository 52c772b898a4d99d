import { describe, expect, test } from 'vitest';
import { EncodingError, utf8 } from '#lib/encoding/bytes.ts';
import { normaliseEmail } from '#lib/encoding/email.ts';

describe('normaliseEmail', () => {
	test('strips spaces at both ends and lowers ASCII letters', () => {
		expect(normaliseEmail('  Ada@Example.ORG ')).toBe('ada@example.org');
	});

	test('composes, and lowers no other letter', () => {
		expect(normaliseEmail('A\u030aSA@example.org')).toBe('\u00c5sa@example.org');
	});

	test('leaves the dotless and the long letters alone', () => {
		expect(normaliseEmail('\u0130\u017f\u212a@x')).toBe('\u0130\u017fK@x'.replace('K', 'k'));
	});

	test.each([
		['nothing', ''],
		['no @', 'ada.example.org'],
		['two @', 'a@b@c'],
		['a space inside', 'a b@c'],
		['a tab at the end', 'a@c\t'],
		['a NUL', 'a\u0000@c'],
		['a next line control', 'a\u0085@c'],
		['a no-break space in front', '\u00a0a@c'],
		['an ideographic space', 'a@c\u3000'],
		['a line separator', 'a\u2028@c'],
		['a lone surrogate', 'a\ud800@c']
	])('refuses %s', (_what, typed) => {
		expect(() => normaliseEmail(typed)).toThrow(EncodingError);
	});

	test('takes 254 bytes of UTF-8 and no more', () => {
		const longest = `${'é'.repeat(126)}@c`;
		expect(utf8(longest)).toHaveLength(254);
		expect(normaliseEmail(longest)).toBe(longest);
		expect(() => normaliseEmail(`a${longest}`)).toThrow(EncodingError);
	});

	test('strips a megabyte of spaces in linear time', () => {
		const spaces = ' '.repeat(1_000_000);
		expect(normaliseEmail(`${spaces}a@c${spaces}`)).toBe('a@c');
		expect(() => normaliseEmail(`a@c${spaces}d`)).toThrow(EncodingError);
	});
});
