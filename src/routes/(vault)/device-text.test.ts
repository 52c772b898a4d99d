import { afterEach, describe, expect, test } from 'vitest';
import { speak } from '#lib/i18n/language.ts';
import { deviceText } from './device-text.ts';

afterEach(async () => {
	await speak('en');
});

describe('deviceText', () => {
	test('says the system in the language that is spoken', async () => {
		await speak('de');
		expect(deviceText('Firefox on Linux')).toBe('Firefox unter Linux');
		await speak('ja');
		expect(deviceText('Samsung Internet on Android')).toBe('AndroidのSamsung Internet');
	});

	test('leaves other words as they are', () => {
		expect(deviceText('Browser')).toBe('Browser');
	});
});
