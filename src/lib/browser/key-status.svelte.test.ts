import { describe, expect, test } from 'vitest';
import { Clipboard } from '#lib/browser/clipboard.svelte.ts';
import { revokeKey, useAgain } from '#lib/browser/key-status.ts';
import { Wallet } from '#lib/browser/wallet.svelte.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { World } from '../../../tests/browser/world.ts';

async function walletOf(row: KeyRow) {
	const world = new World();
	const clipboard = new Clipboard({
		clock: world.clock,
		hasFocus: () => true,
		write: () => Promise.resolve()
	});
	const wallet = new Wallet(world.session, clipboard, world.clock, world.time);
	await world.unlock([row]);
	return { world, wallet, overview: () => world.host.rows[0]?.overview };
}

describe('revokeKey', () => {
	test('keeps the key in the list, with when and why', async () => {
		const row = rowOf('a');
		const { wallet, overview } = await walletOf(row);
		await revokeKey(wallet, row, ' leaked in CI ', 5);
		expect(overview()).toMatchObject({
			status: 'revoked',
			revoked: { at: 5, reason: 'leaked in CI' }
		});
		expect(wallet.rows.map(({ id }) => id)).toEqual([row.item]);
	});

	test('writes nothing where the reason does not fit', async () => {
		const row = rowOf('a', { note: 'n'.repeat(3_700) });
		const { world, wallet } = await walletOf(row);
		const saved = await revokeKey(wallet, row, 'r'.repeat(300), 5);
		expect(saved).toMatchObject({ outcome: 'failed', fault: { code: 'entry-too-large' } });
		expect(world.host.edits).toEqual([]);
	});
});

test('useAgain takes the reason away with the status', async () => {
	const row = rowOf('a', { status: 'revoked', revoked: { at: 5, reason: 'a slip' } });
	const { wallet, overview } = await walletOf(row);
	await useAgain(wallet, row);
	expect(overview()?.status).toBe('active');
	expect(overview()?.revoked).toBeUndefined();
});
