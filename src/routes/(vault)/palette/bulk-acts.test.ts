import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../../tests/browser/keys.ts';
import { settled } from '../../../../tests/browser/settled.ts';
import { WalletWorld } from '../../../../tests/browser/wallet-world.ts';
import { Vaults } from '#lib/browser/vaults.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { Speech } from '../../speech.svelte.ts';
import { bulkActs, markAllActs } from './bulk-acts.ts';

/** Three keys, of which two are marked. */
async function open() {
	const world = new WalletWorld();
	await world.unlock([rowOf('a', { tags: ['prod'] }), rowOf('b'), rowOf('c')]);
	const { wallet, session, clock, host } = world;
	wallet.marked.add(['id-a', 'id-b']);
	const vaults = new Vaults(session, wallet);
	const speech = new Speech(clock);
	const exported: (readonly KeyRow[])[] = [];
	const acts = () =>
		bulkActs({ wallet, vaults, speech, exportKeys: (rows) => void exported.push(rows) });
	const command = (id: string) => acts().find((one) => one.id === `bulk-${id}`);
	const run = async (id: string) => {
		command(id)?.act();
		await settled();
	};
	return { host, wallet, session, vaults, speech, exported, acts, command, run };
}

function tagsOf(rows: readonly KeyRow[]) {
	return Object.fromEntries(rows.map(({ overview }) => [overview.name, overview.tags]));
}

const TWO = m.keys_count({ count: 2 });

describe('bulkActs', () => {
	test('tag, archive, trash and export the keys that are marked, and unmark them', async () => {
		const { acts } = await open();
		expect(acts().map(({ id }) => id)).toEqual([
			...['bulk-tag', 'bulk-archive', 'bulk-trash', 'bulk-export', 'bulk-none']
		]);
	});

	test('are none where no key is marked', async () => {
		const { wallet, acts } = await open();
		wallet.marked.clear();
		expect(acts()).toEqual([]);
	});

	test('say how many keys they are of', async () => {
		const { command } = await open();
		expect(command('trash')?.label).toBe(m.palette_trash({ name: TWO }));
	});

	test('ask for the tag: one that is in use, or the one that is typed', async () => {
		const { command, host, speech, wallet } = await open();
		const question = command('tag')?.asks;
		expect(question?.answers('').map(({ id }) => id)).toEqual(['tag-prod']);
		expect(question?.answers('PR').map(({ id }) => id)).toEqual(['tag-prod', 'tag-PR']);
		expect(question?.answers('prod').map(({ id }) => id)).toEqual(['tag-prod']);
		question?.answers(' team ')[0]?.act();
		await settled();
		expect(tagsOf(host.rows)).toEqual({ a: ['prod', 'team'], b: ['team'], c: [] });
		expect(speech.said?.text).toBe(m.bulk_tagged({ keys: TWO, tag: 'team' }));
		expect(wallet.marked.size).toBe(0);
	});

	test('archive those that are not archived', async () => {
		const { host, run, speech } = await open();
		await run('archive');
		const archived = host.rows.filter(({ overview }) => overview.status === 'archived');
		expect(archived.map(({ item }) => item).toSorted()).toEqual(['id-a', 'id-b']);
		expect(speech.said?.text).toBe(m.bulk_archived({ keys: TWO }));
	});

	test('put them into the trash, with Undo', async () => {
		const { run, wallet } = await open();
		await run('trash');
		expect(wallet.counts.trashed).toBe(2);
		expect(wallet.undo?.kind).toBe('trash');
	});

	test('leave them marked where it failed, and say why', async () => {
		const { host, run, wallet, speech } = await open();
		host.saved = 'conflict';
		await run('trash');
		expect(wallet.marked.size).toBe(2);
		expect(speech.said?.text).toBe(m.form_conflict());
	});

	test('export just these', async () => {
		const { run, exported } = await open();
		await run('export');
		expect(exported[0]?.map(({ item }) => item)).toEqual(['id-a', 'id-b']);
	});

	test('ask where they are to go, where there is another vault', async () => {
		const { host, session, vaults, command, run } = await open();
		expect(command('move')).toBeUndefined();
		host.vaultNames.set('vault-work', 'Work');
		await session.look();
		await run('move');
		expect(vaults.question).toMatchObject({ about: 'move' });
	});

	test('unmark them', async () => {
		const { run, wallet } = await open();
		await run('none');
		expect(wallet.marked.size).toBe(0);
	});
});

describe('markAllActs', () => {
	test('mark every key that the list shows, and show it', async () => {
		const { wallet, speech } = await open();
		let shown = 0;
		const acts = () => markAllActs({ wallet, speech }, () => shown++);
		expect(acts().map(({ label }) => label)).toEqual([m.bulk_all({ count: 3 })]);
		acts()[0]?.act();
		expect(wallet.markedKeys.map(({ id }) => id).toSorted()).toEqual(['id-a', 'id-b', 'id-c']);
		expect(speech.said?.text).toBe(m.bulk_marked({ keys: m.keys_count({ count: 3 }) }));
		expect(shown).toBe(1);
		expect(acts()).toEqual([]);
	});

	test('keep to what is searched for', async () => {
		const { wallet, speech } = await open();
		wallet.marked.clear();
		wallet.filters = { tags: ['prod'] };
		expect(markAllActs({ wallet, speech }, () => undefined)).toEqual([]);
	});
});
