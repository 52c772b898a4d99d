import { describe, expect, test } from 'vitest';
import { dropView, showView, viewOf, withoutView, withView } from '#lib/browser/saved-views.ts';
import type { SavedView } from '#lib/items/key.ts';
import { VIEWS } from '#lib/items/settings.ts';
import { WalletWorld } from '../../../tests/browser/wallet-world.ts';

const DUE: SavedView = { name: 'due', due: true };
const SHOP: SavedView = { name: 'shop', projects: ['shop'], query: 'live' };

describe('a saved view', () => {
	test('is what the list shows, with the query and a name', () => {
		const list = { filters: { tags: ['x'], sort: 'added' as const }, query: 'live' };
		expect(viewOf(list, 'mine')).toEqual({
			name: 'mine',
			tags: ['x'],
			sort: 'added',
			query: 'live'
		});
		expect(viewOf({ filters: {}, query: '' }, 'all')).toEqual({ name: 'all' });
	});

	test('is shown in the place of everything that was chosen', () => {
		const list = { filters: { tags: ['x'] }, query: 'old' };
		showView(list, SHOP);
		expect(list).toEqual({ filters: { projects: ['shop'] }, query: 'live' });
		showView(list, DUE);
		expect(list).toEqual({ filters: { due: true }, query: '' });
	});

	test('comes after the others', () => {
		expect(withView([DUE], SHOP)).toEqual([DUE, SHOP]);
	});

	test('takes the place of one of its name', () => {
		const other = { name: 'due', tags: ['x'] };
		expect(withView([DUE, SHOP], other)).toEqual([SHOP, other]);
	});

	test('goes by its name', () => {
		expect(withoutView([DUE, SHOP], 'due')).toEqual([SHOP]);
	});

	test('has no room where there are as many as are kept, unless it replaces one', () => {
		const full = Array.from({ length: VIEWS }, (_, i): SavedView => ({ name: `view ${i}` }));
		expect(withView(full, DUE)).toBeUndefined();
		expect(withView(full, { name: 'view 3', due: true })).toHaveLength(VIEWS);
	});
});

describe('dropView', () => {
	async function dropped(answer: 'saved' | 'conflict' | 'failed' = 'saved') {
		const world = new WalletWorld();
		await world.unlock([]);
		const preferences = {
			views: [DUE, SHOP] as readonly SavedView[],
			fault: undefined,
			answer,
			setViews(views: readonly SavedView[]) {
				if (preferences.answer === 'saved') preferences.views = views;
				return Promise.resolve(preferences.answer);
			}
		};
		const outcome = await dropView(world.wallet, preferences, DUE);
		return { wallet: world.wallet, preferences, outcome };
	}

	test('takes it away, and Undo brings it back to its place', async () => {
		const { wallet, preferences } = await dropped();
		expect(preferences.views).toEqual([SHOP]);
		expect(wallet.undo).toMatchObject({ kind: 'view', names: ['due'] });
		expect(await wallet.takeBack()).toMatchObject({ outcome: 'saved' });
		expect(preferences.views).toEqual([DUE, SHOP]);
	});

	test('leaves a view alone that has the name since', async () => {
		const { wallet, preferences } = await dropped();
		const other: SavedView = { name: 'due', tags: ['x'] };
		preferences.views = [SHOP, other];
		expect(await wallet.takeBack()).toEqual({ outcome: 'conflict' });
		expect(preferences.views).toEqual([SHOP, other]);
		expect(wallet.fault).toEqual({ code: 'not-undone' });
	});

	test('offers Undo again where the server was out of reach', async () => {
		const { wallet, preferences } = await dropped();
		preferences.answer = 'failed';
		expect(await wallet.takeBack()).toEqual({ outcome: 'failed', fault: { code: 'offline' } });
		expect(wallet.online).toBe(false);
		preferences.answer = 'saved';
		expect(wallet.undo).toMatchObject({ kind: 'view', names: ['due'] });
		await wallet.takeBack();
		expect(preferences.views).toEqual([DUE, SHOP]);
		expect(wallet.fault).toBeUndefined();
	});

	test('offers nothing to undo where it was not saved', async () => {
		const { wallet, outcome } = await dropped('conflict');
		expect(outcome).toBe('conflict');
		expect(wallet.undo).toBeUndefined();
	});
});
