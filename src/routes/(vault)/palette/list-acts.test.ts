import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../../tests/browser/keys.ts';
import { WalletWorld } from '../../../../tests/browser/wallet-world.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { listActs } from './list-acts.ts';

async function open(...names: readonly string[]) {
	const world = new WalletWorld();
	await world.unlock(names.map((name) => rowOf(name)));
	const { wallet } = world;
	let shown = 0;
	const acts = () =>
		listActs(wallet, () => {
			shown++;
		});
	const run = (id: string) => {
		acts()
			.find((one) => one.id === id)
			?.act();
	};
	return { wallet, acts, run, shown: () => shown };
}

describe('listActs', () => {
	test('offer every order and grouping but those that hold', async () => {
		const { acts } = await open('a', 'b');
		expect(acts().map(({ id }) => id)).toEqual([
			...['sort-expiry', 'sort-added', 'sort-changed', 'sort-provider'],
			...['group-project', 'group-environment', 'group-provider']
		]);
	});

	test('say what they order by', async () => {
		const { acts } = await open('a', 'b');
		expect(acts()[0]?.label).toBe(`${m.filter_sort()}: ${m.sort_expiry()}`);
	});

	test('order and group the list, and show it', async () => {
		const { wallet, run, shown, acts } = await open('a', 'b');
		run('sort-added');
		run('group-project');
		expect(wallet.filters).toEqual({ sort: 'added', group: 'project' });
		expect(shown()).toBe(2);
		run('group-none');
		expect(wallet.filters).toEqual({ sort: 'added' });
		expect(acts().map(({ id }) => id)).not.toContain('sort-added');
	});

	test('are none where there is nothing to order', async () => {
		const { acts } = await open('a');
		expect(acts()).toEqual([]);
	});
});
