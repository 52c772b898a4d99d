import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../tests/browser/keys.ts';
import { WalletWorld } from '../../../tests/browser/wallet-world.ts';

describe('the archive as a filter', () => {
	async function archive() {
		const world = new WalletWorld();
		await world.unlock([
			rowOf('used'),
			rowOf('old', { status: 'archived', archivedAt: 1 }),
			rowOf('gone', { status: 'archived', archivedAt: 1, trashedAt: 2 })
		]);
		const { wallet } = world;
		const names = () => ({
			rows: wallet.rows.map(({ row }) => row.overview.name),
			archived: wallet.foundArchived.map(({ row }) => row.overview.name)
		});
		return { wallet, names };
	}

	test('shows the archived ones alone, and none of the trash', async () => {
		const { wallet, names } = await archive();
		wallet.filters = { archived: true };
		expect(names()).toEqual({ rows: [], archived: ['old'] });
	});

	test('is grouped as the list is', async () => {
		const world = new WalletWorld();
		const archived = { status: 'archived', archivedAt: 1 } as const;
		await world.unlock([
			rowOf('a', { project: 'shop', ...archived }),
			rowOf('b', { project: 'atlas', ...archived }),
			rowOf('c', archived)
		]);
		const { wallet } = world;
		const groups = () =>
			wallet.archivedGroups.map(({ name, keys }) => [name, keys.map(({ id }) => id)]);
		expect(groups()).toEqual([[undefined, ['id-a', 'id-b', 'id-c']]]);
		wallet.filters = { group: 'project' };
		expect(groups()).toEqual([
			['atlas', ['id-b']],
			['shop', ['id-a']],
			[undefined, ['id-c']]
		]);
	});

	test('is one group in the order of names, also where some are due', async () => {
		const world = new WalletWorld();
		const archived = { status: 'archived', archivedAt: 1 } as const;
		await world.unlock([
			rowOf('a', archived),
			rowOf('b', { expiresOn: '2020-01-01', ...archived }),
			rowOf('c', archived)
		]);
		const groups = () => world.wallet.archivedGroups.map(({ keys }) => keys.map(({ id }) => id));
		expect(groups()).toEqual([['id-a', 'id-b', 'id-c']]);
		world.wallet.filters = { group: 'project' };
		expect(groups()).toEqual([['id-a', 'id-b', 'id-c']]);
	});

	test('lets a search find them below the list where it is off', async () => {
		const { wallet, names } = await archive();
		wallet.query = 'old';
		expect(names()).toEqual({ rows: [], archived: ['old'] });
		expect(wallet.counts).toMatchObject({ kept: 2, shown: 1 });
		wallet.filters = { archived: true };
		expect(wallet.counts).toMatchObject({ kept: 2, shown: 1 });
		wallet.query = 'used';
		expect(names()).toEqual({ rows: [], archived: [] });
	});
});
