import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../../tests/browser/keys.ts';
import { WalletWorld } from '../../../../tests/browser/wallet-world.ts';
import { tagKeys } from '#lib/browser/bulk.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { Speech } from '../../speech.svelte.ts';
import { takeBack } from './take-back.ts';

async function open(...names: readonly string[]) {
	const world = new WalletWorld();
	const speech = new Speech(world.clock);
	await world.unlock(names.map((name) => rowOf(name)));
	await world.wallet.trash(world.wallet.all.map(({ row }) => row));
	return { world, speech };
}

describe('takeBack', () => {
	test('undoes, and says of which key', async () => {
		const { world, speech } = await open('Stripe');
		await takeBack(world.wallet, speech);
		expect(world.host.rows[0]?.overview.trashedAt).toBeUndefined();
		expect(speech.said?.text).toBe(m.undone_said({ name: 'Stripe' }));
	});

	test('says of how many', async () => {
		const { world, speech } = await open('Stripe', 'OpenAI');
		await takeBack(world.wallet, speech);
		expect(speech.said?.text).toBe(m.undone_said({ name: m.keys_count({ count: 2 }) }));
	});

	test('says so where other devices were faster', async () => {
		const { world, speech } = await open('Stripe');
		world.host.saved = 'conflict';
		await takeBack(world.wallet, speech);
		expect(speech.said?.text).toBe(m.fault_not_undone());
		expect(world.wallet.fault).toEqual({ code: 'not-undone' });
	});

	test('does not say that it is done where it is not', async () => {
		const { world, speech } = await open('Stripe');
		world.host.fault = { code: 'offline' };
		await takeBack(world.wallet, speech);
		expect(speech.said).toBeUndefined();
	});

	test('says the same of what several keys are undone by together', async () => {
		const { world, speech } = await open();
		const rows = [rowOf('Stripe')];
		await world.unlock(rows);
		await tagKeys(world.wallet, rows, 'x');
		world.host.saved = 'conflict';
		await takeBack(world.wallet, speech);
		expect(speech.said?.text).toBe(m.fault_not_undone());
	});

	test('says nothing where there is nothing to undo', async () => {
		const { world, speech } = await open('Stripe');
		world.wallet.dismissUndo();
		await takeBack(world.wallet, speech);
		expect(speech.said).toBeUndefined();
	});
});
