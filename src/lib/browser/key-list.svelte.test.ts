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

	test('lets a search find them below the list where it is off', async () => {
		const { wallet, names } = await archive();
		wallet.query = 'old';
		expect(names()).toEqual({ rows: [], archived: ['old'] });
		wallet.filters = { archived: true };
		wallet.query = 'used';
		expect(names()).toEqual({ rows: [], archived: [] });
	});
});
