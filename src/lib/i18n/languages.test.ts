import { describe, expect, test } from 'vitest';
import { firstLanguage, languageOfTag } from './languages.ts';

describe('languageOfTag', () => {
	test.each([
		['de', 'de'],
		['de-AT', 'de'],
		['zh-Hans-CN', 'zh'],
		['FR-ca', 'fr']
	])('takes %s for %s', (tag, language) => {
		expect(languageOfTag(tag)).toBe(language);
	});

	test.each(['nl', 'den', '', undefined])('knows no %s', (tag) => {
		expect(languageOfTag(tag)).toBeUndefined();
	});
});

describe('firstLanguage', () => {
	test('takes the first that the catalogue has', () => {
		expect(firstLanguage(['nl-BE', 'fr-BE', 'de'])).toBe('fr');
	});

	test('is English where it has none', () => {
		expect(firstLanguage(['nl', 'pt-BR'])).toBe('en');
	});
});
