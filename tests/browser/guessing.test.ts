/** The meter with its dictionaries: what it must not let through as a new password. */
import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, test } from 'vitest';
import { StrengthMeter } from '#lib/browser/strength.ts';
import { PASSWORD_MIN_CODE_POINTS } from '#lib/browser/new-password.ts';
import { LONG } from '../figures.ts';
import { StrengthCalls } from '#lib/browser/workers/guessing.ts';

const calls = new StrengthCalls();
const meter = new StrengthMeter(() => ({
	guessesLog10: (password, known) => Promise.resolve(calls.guessesLog10(password, known)),
	end: () => undefined
}));

/** The most common first. */
const COMMON = dictionary['passwords-common'];

describe('a new password', () => {
	test('is none of the common ones that are long enough', async () => {
		const long = COMMON.map(String).filter(({ length }) => length >= PASSWORD_MIN_CODE_POINTS);
		expect(long.length).toBeGreaterThan(100);
		const taken = [];
		for (const password of long) {
			if ((await meter.judge(password)).accepted) taken.push(password);
		}
		expect(taken).toEqual([]);
	});

	test('is none of the most common ones made long enough by repeating', async () => {
		const taken = [];
		for (const word of COMMON.slice(0, LONG ? 3_000 : 300).map(String)) {
			const password = word.repeat(Math.ceil(PASSWORD_MIN_CODE_POINTS / word.length));
			if ((await meter.judge(password)).accepted) taken.push(password);
		}
		expect(taken).toEqual([]);
	});

	test.each([
		'Keyhold-Vault-2026',
		'my keyhold password',
		'lovelace@keyhold',
		'AdaLovelaceVault1',
		'example.org-apikey'
	])('is not made of words of this place or of its owner: %s', async (password) => {
		const { accepted } = await meter.judge(password, ['ada.lovelace@example.org']);
		expect(accepted).toBe(false);
	});

	test('may be a sentence that no list knows', async () => {
		expect((await meter.judge('turnip orbit lacquer gnome fjord')).accepted).toBe(true);
	});
});
