import { afterEach, describe, expect, test } from 'vitest';
import { speak } from './language.ts';
import { compareNames, listText, midSentence } from './words.ts';

afterEach(async () => {
	await speak('en');
});

describe('listText', () => {
	test.each([
		['en', 'a, b, c'],
		['de', 'a, b und c'],
		['zh', 'a、b、c']
	])('in %s is "%s"', (tag, text) => {
		expect(listText(['a', 'b', 'c'], tag)).toBe(text);
	});
});

describe('compareNames', () => {
	test('counts, and passes over capitals', () => {
		expect(['b', 'key 10', 'A', 'key 9'].sort(compareNames)).toEqual(['A', 'b', 'key 9', 'key 10']);
	});

	test('has the order of the language that is spoken', async () => {
		const names = ['ñu', 'nz'];
		expect([...names].sort(compareNames)).toEqual(['ñu', 'nz']);
		await speak('es');
		expect([...names].sort(compareNames)).toEqual(['nz', 'ñu']);
	});
});

describe('midSentence', () => {
	test('writes a label small', () => {
		expect(midSentence('Environment', 'en')).toBe('environment');
	});

	test('leaves a German noun large', () => {
		expect(midSentence('Umgebung', 'de')).toBe('Umgebung');
	});
});
