import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../../tests/browser/keys.ts';
import { settled } from '../../../../tests/browser/settled.ts';
import { WalletWorld } from '../../../../tests/browser/wallet-world.ts';
import { Preferences } from '#lib/browser/preferences.svelte.ts';
import { NAME_LENGTH, VIEWS } from '#lib/items/settings.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { Speech } from '../../speech.svelte.ts';
import { viewActs } from './view-acts.ts';

async function open(...names: readonly string[]) {
	const world = new WalletWorld();
	await world.unlock(names.map((name) => rowOf(name)));
	const { wallet, session, clock, host } = world;
	const preferences = new Preferences(session);
	const speech = new Speech(clock);
	const acts = () => viewActs({ wallet, preferences, speech });
	const keep = async (name: string) => {
		acts()[0]?.asks?.answers(name)[0]?.act();
		await settled();
	};
	return { wallet, preferences, speech, acts, keep, host };
}

describe('viewActs', () => {
	test('keep what is searched for and how it is ordered, under the name that is typed', async () => {
		const { wallet, preferences, speech, keep } = await open('a', 'b');
		wallet.query = 'live';
		wallet.filters = { sort: 'added' };
		await keep(' mine ');
		expect(preferences.views).toEqual([{ name: 'mine', query: 'live', sort: 'added' }]);
		expect(speech.said?.text).toBe(m.views_kept({ name: 'mine' }));
	});

	test('wait for a name', async () => {
		const { acts } = await open('a', 'b');
		expect(acts()[0]?.asks?.answers(' ')).toEqual([]);
	});

	test('say that a view of that name gives way', async () => {
		const { preferences, acts } = await open('a', 'b');
		await preferences.setViews([{ name: 'mine' }]);
		const labels = (name: string) =>
			acts()[0]
				?.asks?.answers(name)
				.map(({ label }) => label);
		expect(labels('mine')).toEqual([m.palette_replace_view({ name: 'mine' })]);
		expect(labels('other')).toEqual([m.palette_keep_view({ name: 'other' })]);
	});

	test('say what is wrong with it', async () => {
		const { preferences, speech, keep } = await open('a', 'b');
		await keep('x'.repeat(NAME_LENGTH + 1));
		expect(speech.said?.text).toBe(m.name_long({ limit: NAME_LENGTH }));
		expect(preferences.views).toEqual([]);
	});

	test('say that there is no room', async () => {
		const { preferences, speech, keep } = await open('a', 'b');
		await preferences.setViews(Array.from({ length: VIEWS }, (_, i) => ({ name: `view ${i}` })));
		await keep('one more');
		expect(speech.said?.text).toBe(m.views_full({ limit: VIEWS }));
	});

	test('are none where there is nothing to look at in one way or another', async () => {
		const { acts } = await open('a');
		expect(acts()).toEqual([]);
	});
});
