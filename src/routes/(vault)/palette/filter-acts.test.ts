import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../../tests/browser/keys.ts';
import { WalletWorld } from '../../../../tests/browser/wallet-world.ts';
import * as m from '#lib/i18n/generated/messages.js';
import type { Command } from './commands.ts';
import { filterActs } from './filter-acts.ts';

const ROWS = [
	rowOf('a', { project: 'shop', provider: 'aws', expiresOn: '2000-01-01' }),
	rowOf('b', { project: 'atlas', environment: 'production', tags: ['team'] }),
	rowOf('c', { status: 'archived', archivedAt: 1 })
];

async function open(rows = ROWS) {
	const world = new WalletWorld();
	await world.unlock(rows);
	const { wallet } = world;
	let shown = 0;
	const acts = (query = '') =>
		filterActs(wallet, () => {
			shown++;
		})(query);
	const run = (id: string, query = '') => {
		commandOf(acts(query), id).act();
	};
	return { wallet, acts, run, shown: () => shown };
}

function commandOf(commands: readonly Command[], id: string): Command {
	const command = commands.find((one) => one.id === id);
	if (command === undefined) throw new Error(`there is no ${id}`);
	return command;
}

function idsOf(commands: readonly Command[]): string[] {
	return commands.map(({ id }) => id);
}

describe('filterActs', () => {
	test('offer what is due, the archive and every facet that has words', async () => {
		const { acts } = await open();
		expect(idsOf(acts())).toEqual([
			...['filter-due', 'filter-archived', 'filter-environments', 'filter-projects'],
			...['filter-providers', 'filter-tags']
		]);
	});

	test('turn on what is due and the archive, and off again', async () => {
		const { wallet, acts, run, shown } = await open();
		run('filter-due');
		expect(wallet.filters).toEqual({ due: true });
		const choice = m.wallet_group_due();
		expect(commandOf(acts(), 'filter-due').label).toBe(m.palette_unfilter({ choice }));
		run('filter-due');
		run('filter-archived');
		expect(wallet.filters).toEqual({ due: false, archived: true });
		expect(shown()).toBe(3);
	});

	test('ask which word of a facet, by its own name', async () => {
		const { wallet, acts } = await open();
		const { asks } = commandOf(acts(), 'filter-projects');
		expect(idsOf(asks?.answers('') ?? [])).toEqual([
			'filter-projects-atlas',
			'filter-projects-shop'
		]);
		expect(idsOf(asks?.answers('at') ?? [])).toEqual(['filter-projects-atlas']);
		const [provider] = commandOf(acts(), 'filter-providers').asks?.answers('') ?? [];
		expect(provider?.label).toBe(m.palette_choice({ what: m.filter_provider(), choice: 'AWS' }));
		provider?.act();
		expect(wallet.filters).toEqual({ providers: ['aws'] });
	});

	test('find a word by what is typed', async () => {
		const { wallet, acts, run } = await open();
		expect(idsOf(acts('team'))).toContain('filter-tags-team');
		run('filter-tags-team', 'team');
		expect(wallet.filters).toEqual({ tags: ['team'] });
	});

	test('take off a word that is on, and everything at once', async () => {
		const { wallet, acts, run } = await open();
		wallet.filters = { projects: ['shop'], sort: 'added' };
		wallet.query = 'a';
		const what = m.filter_project();
		const choice = m.palette_choice({ what, choice: 'shop' });
		expect(commandOf(acts(), 'filter-projects-shop').label).toBe(m.palette_unfilter({ choice }));
		run('filter-projects-shop');
		expect(wallet.filters).toEqual({ projects: [], sort: 'added' });
		run('filter-none');
		expect([wallet.filters, wallet.query]).toEqual([{ sort: 'added' }, '']);
		expect(idsOf(acts())).not.toContain('filter-none');
	});

	test('draw no more than thirty words of thousands', async () => {
		const many = Array.from({ length: 60 }, (_, i) => rowOf(`k${i}`, { tags: [`tag ${i}`] }));
		const { acts } = await open(many);
		expect(acts('tag').filter(({ id }) => id.startsWith('filter-tags-'))).toHaveLength(30);
	});

	test('are none where there is nothing to choose among', async () => {
		const { acts } = await open(ROWS.slice(0, 1));
		expect(acts('shop')).toEqual([]);
	});
});
