import { describe, expect, test } from 'vitest';
import { regionalTag } from './spoken.ts';

describe('regionalTag', () => {
	test('takes the region of a browser that speaks the language', () => {
		expect(regionalTag('en', ['de-DE', 'en-AU'])).toBe('en-AU');
	});

	test('does not take the language of another', () => {
		expect(regionalTag('en', ['de-DE'])).toBe('en');
	});

	test('does not take another script', () => {
		expect(regionalTag('zh', ['zh-TW', 'zh-SG'])).toBe('zh-SG');
	});

	test('passes over what is no tag', () => {
		expect(regionalTag('fr', ['', 'fr_FR', 'fr-CA'])).toBe('fr-CA');
	});
});
