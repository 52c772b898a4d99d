import { describe, expect, test } from 'vitest';
import { hex, utf8 } from '#lib/encoding/bytes.ts';
import { checkNewPassword, passwordBytes } from '#lib/protocol/password.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('passwordBytes', () => {
	test('is the same for every way to type the same text', () => {
		expect(passwordBytes('\ufb01sh Angstrom \u212b')).toEqual(
			passwordBytes('fish Angstrom A\u030a')
		);
	});

	test('keeps spaces at both ends', () => {
		expect(hex(passwordBytes(' a '))).toBe('206120');
	});

	test('has no minimum', () => {
		expect(passwordBytes('x')).toHaveLength(1);
	});

	test('takes 1,024 bytes after NFKC and no more', () => {
		expect(passwordBytes('é'.repeat(512))).toHaveLength(1_024);
		expect(() => passwordBytes('é'.repeat(512) + 'a')).toThrow(
			expect.objectContaining(refusal('format'))
		);
	});

	test('refuses a lone surrogate, which would become another character', () => {
		expect(() => passwordBytes('a\ud800')).toThrow(expect.objectContaining(refusal('format')));
	});
});

describe('checkNewPassword', () => {
	test.each([
		['twelve letters', 'abcdefghijkl', undefined],
		['eleven letters', 'abcdefghijk', 'too-short'],
		['twelve code points of two units', '🔑'.repeat(12), undefined],
		['eleven code points of two units', '🔑'.repeat(11), 'too-short'],
		['twelve marks that compose to eleven', 'abcdefghijA\u030a', 'too-short'],
		['one sign that becomes three', 'abcdefghij\u2026', undefined],
		['1,024 bytes', 'a'.repeat(1_024), undefined],
		['1,025 bytes', 'a'.repeat(1_025), 'too-long'],
		['a lone surrogate', 'abcdefghijklm\udc00', 'not-text']
	])('judges %s', (_what, typed, fault) => {
		expect(checkNewPassword(typed)).toBe(fault);
	});

	test('takes only what can be derived from', () => {
		expect(() => passwordBytes('a'.repeat(1_025))).toThrow(
			expect.objectContaining(refusal('format'))
		);
		expect(utf8('\u2026'.normalize('NFKC'))).toHaveLength(3);
	});
});
