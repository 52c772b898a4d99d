import { describe, expect, test, vi } from 'vitest';
import { Vault } from '#lib/browser/vault.svelte.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { WalletWorld } from '../../../tests/browser/wallet-world.ts';

/** A Monday that no clock of a test has passed. */
const DAY = '2096-04-09';

async function open(reminderOn?: string) {
	const world = new WalletWorld();
	await world.unlock([rowOf('a', reminderOn === undefined ? {} : { reminderOn })]);
	const server = { time: () => Promise.resolve(world.clock.now()) };
	return { world, vault: new Vault(world.session, world.clipboard, server) };
}

describe('reminders', () => {
	test('are loaded where a key has one, and the server is told its day', async () => {
		const { world, vault } = await open(DAY);
		vault.lookAtReminders(true);
		await vi.waitFor(() => {
			expect(vault.reminders).toBeDefined();
		});
		vault.lookAtReminders(true);
		await settled();
		expect(world.host.asked).toContain(`setReminders ${DAY}`);
	});

	test('are not loaded where none has one, nor offline', async () => {
		const { vault } = await open();
		vault.lookAtReminders(true);
		const offline = (await open(DAY)).vault;
		offline.lookAtReminders(false);
		await import('#lib/browser/reminders.svelte.ts');
		await settled();
		expect(vault.reminders).toBeUndefined();
		expect(offline.reminders).toBeUndefined();
	});
});
