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

	test('is undone', async () => {
		const row = rowOf('a');
		const { wallet, overview } = await walletOf(row);
		await revokeKey(wallet, row, 'leaked in CI', 5);
		expect(wallet.undo).toMatchObject({ kind: 'revoke', names: ['a'] });
		expect(await wallet.takeBack()).toMatchObject({ outcome: 'saved' });
		expect(overview()).toEqual(row.overview);
	});

	test('writes nothing where the reason does not fit', async () => {
		const row = rowOf('a', { note: 'n'.repeat(3_700) });
		const { world, wallet } = await walletOf(row);
		const saved = await revokeKey(wallet, row, 'r'.repeat(300), 5);
		expect(saved).toMatchObject({ outcome: 'failed', fault: { code: 'entry-too-large' } });
		expect(world.host.edits).toEqual([]);
	});
});

describe('useAgain', () => {
	const revoked = { status: 'revoked', revoked: { at: 5, reason: 'a slip' } } as const;

	test('takes the reason away with the status', async () => {
		const row = rowOf('a', revoked);
		const { wallet, overview } = await walletOf(row);
		await useAgain(wallet, row);
		expect(overview()?.status).toBe('active');
		expect(overview()?.revoked).toBeUndefined();
	});

	test.each([
		['revoked', revoked],
		['archived', { status: 'archived', archivedAt: 7 } as const]
	])('gives a key that was %s back what it was, by Undo', async (_status, before) => {
		const row = rowOf('a', before);
		const { wallet, overview } = await walletOf(row);
		await useAgain(wallet, row);
		expect(wallet.undo).toMatchObject({ kind: 'use', names: ['a'] });
		await wallet.takeBack();
		expect(overview()).toEqual(row.overview);
	});
});
