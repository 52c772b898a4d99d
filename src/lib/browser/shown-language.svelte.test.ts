import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ShownLanguage, startLanguage } from '#lib/browser/shown-language.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { speak } from '#lib/i18n/language.ts';

const root = { lang: 'en', dir: '' };
const stored = new Map<string, string>();

beforeEach(() => {
	stored.clear();
	vi.stubGlobal('document', { documentElement: root });
	vi.stubGlobal('localStorage', {
		getItem: (name: string) => stored.get(name) ?? null,
		setItem: (name: string, text: string) => stored.set(name, text)
	});
	vi.stubGlobal('navigator', { languages: ['nl-BE', 'fr-BE', 'en'] });
});
afterEach(async () => {
	vi.unstubAllGlobals();
	await speak('en');
});

describe('startLanguage', () => {
	test('speaks the first language of the browser that there is', async () => {
		await startLanguage();
		expect(m.cancel()).toBe('Annuler');
		expect(root).toEqual({ lang: 'fr', dir: 'ltr' });
	});

	test('speaks what was chosen on this device instead', async () => {
		stored.set('keyhold.language', 'de');
		await startLanguage();
		expect(m.cancel()).toBe('Abbrechen');
	});
});

describe('a choice', () => {
	test('is shown and remembered', async () => {
		const language = new ShownLanguage();
		expect(await language.choose('de')).toBe('spoken');
		expect(language.now).toBe('de');
		expect(root.lang).toBe('de');
		expect(stored.get('keyhold.language')).toBe('de');
	});
});
