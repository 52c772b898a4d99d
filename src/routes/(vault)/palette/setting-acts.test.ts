import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { World } from '../../../../tests/browser/world.ts';
import { settled } from '../../../../tests/browser/settled.ts';
import { Preferences } from '#lib/browser/preferences.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { Speech } from '../../speech.svelte.ts';
import { settingActs } from './setting-acts.ts';

beforeEach(() => {
	// The tests run without a document.
	vi.stubGlobal('document', { documentElement: { dataset: {} } });
});
afterEach(() => {
	vi.unstubAllGlobals();
});

async function open() {
	const world = new World();
	await world.unlock();
	const preferences = new Preferences(world.session);
	const speech = new Speech(world.clock);
	const acts = () => settingActs(preferences, 'en', speech);
	const run = async (id: string) => {
		acts()
			.find((one) => one.id === id)
			?.act();
		await settled();
	};
	return { world, preferences, speech, acts, run };
}

describe('settingActs', () => {
	test('offer every setting that does not hold', async () => {
		const { acts } = await open();
		const ids = acts().map(({ id }) => id);
		expect(ids).toEqual(
			expect.arrayContaining(['theme-dark', 'language-de', 'density', 'idle-5', 'clipboard-60'])
		);
		expect(ids).not.toContain('language-en');
		expect(ids).not.toContain('idle-15');
		expect(ids).not.toContain('clipboard-30');
		expect(new Set(ids).size).toBe(ids.length);
	});

	test('have labels that differ', async () => {
		const { acts } = await open();
		const labels = acts().map(({ label }) => label);
		expect(new Set(labels).size).toBe(labels.length);
		expect(labels).toContain(`${m.language_label()}: Deutsch`);
	});

	test.each([
		['language-de', { language: 'de' }],
		['idle-5', { idleMinutes: 5 }],
		['clipboard-60', { clipboardSeconds: 60 }],
		['on-hide', { onHide: true }],
		['after-sleep', { afterSleep: false }],
		['density', { density: 'compact' }],
		['letters', { characterKeys: false }]
	] as const)('set by %s what they say, and say that it is saved', async (id, held) => {
		const { preferences, speech, run } = await open();
		await run(id);
		expect(preferences.now).toMatchObject(held);
		expect(speech.said?.text).toBe(m.settings_saved());
	});

	test('turn back what they turned', async () => {
		const { preferences, run } = await open();
		await run('on-hide');
		await run('on-hide');
		expect(preferences.now.onHide).toBe(false);
	});

	test('say where a setting was not saved', async () => {
		const { world, speech, run } = await open();
		world.host.fault = { code: 'offline' };
		await run('idle-5');
		expect(speech.said?.text).toBe(m.settings_unsaved());
	});
});
