import { afterEach, describe, expect, test } from 'vitest';
import * as m from './generated/messages.js';
import { speak } from './language.ts';
import { spokenLanguage } from './spoken.ts';

afterEach(async () => {
	await speak('en');
});

describe('speak', () => {
	test('says a text in the language', async () => {
		await speak('de');
		expect(m.cancel()).toBe('Abbrechen');
	});

	test('says English again', async () => {
		await speak('de');
		await speak('en');
		expect(m.cancel()).toBe('Cancel');
	});

	test('says a number and its noun as the language does', async () => {
		await speak('de');
		expect(m.keys_count({ count: 1_000 })).toMatch(/^1\.000 /);
	});

	test('says the English text that the language lacks', async () => {
		await speak('de', () => Promise.resolve({}));
		expect(m.cancel()).toBe('Cancel');
	});

	test('keeps the language if another cannot be loaded', async () => {
		await speak('de');
		await expect(speak('fr', () => Promise.reject(new Error('offline')))).rejects.toThrow();
		expect(spokenLanguage()).toBe('de');
	});

	test('stays with the one that was asked for last', async () => {
		await Promise.all([speak('fr'), speak('en')]);
		expect(spokenLanguage()).toBe('en');
	});
});
