import { describe, expect, test } from 'vitest';
import { errorOf, NOW, World } from '../../../tests/hostile/harness.ts';

describe('settings', () => {
	test('are there on the next device', async () => {
		const world = new World();
		const device = await world.account();
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings(
			{ ...settings, theme: 'dark', clipboardSeconds: 45 },
			settings
		);
		const other = world.device();
		expect((await other.unlock()).settings).toMatchObject({ theme: 'dark', clipboardSeconds: 45 });
	});

	test('of two devices are joined, member by member', async () => {
		const world = new World();
		const device = await world.account();
		const other = world.device();
		await other.unlock();
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings({ ...settings, theme: 'dark' }, settings);
		await other.keyholder.saveSettings({ ...settings, density: 'compact' }, settings);
		await device.keyholder.refresh();
		expect(device.keyholder.view().settings).toMatchObject({ theme: 'dark', density: 'compact' });
	});

	test('leave alone what came in after the form was opened', async () => {
		const world = new World();
		const device = await world.account();
		const { settings: base } = device.keyholder.view();
		const other = world.device();
		await other.unlock();
		await other.set({ theme: 'dark' });
		await device.keyholder.refresh();
		await device.keyholder.saveSettings({ ...base, density: 'compact' }, base);
		expect(device.keyholder.view().settings).toMatchObject({ theme: 'dark', density: 'compact' });
	});

	test('that lost a race do not make the vaults count as looked at', async () => {
		const world = new World();
		await world.account(['a']);
		let now = NOW;
		const device = world.device(undefined, { now: () => now });
		const other = world.device();
		await device.unlock();
		await other.unlock();
		await other.set({ theme: 'dark' });
		now += 60_000;
		await device.set({ density: 'compact' });
		expect(device.keyholder.view().verifiedAtMs).toBe(NOW);
		expect((await device.keyholder.refresh()).verifiedAtMs).toBe(now);
	});

	test('raise the floor under the vault, and every device goes on above it', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		await device.add('c');
		const { settings } = device.keyholder.view();
		await device.keyholder.saveSettings({ ...settings, theme: 'dark' }, settings);
		const other = world.device();
		await other.unlock();
		await other.add('d');
		await device.keyholder.refresh();
		expect(device.names).toEqual(['a', 'b', 'c', 'd']);
	});

	test('that are not settings are refused before anything is sent', async () => {
		const device = await new World().account();
		const sent = device.wire.exchanges.length;
		const wrong = { v: 1, vaults: {}, clipboardSeconds: -1 } as const;
		expect(await errorOf(() => device.keyholder.saveSettings(wrong, wrong))).toMatchObject({
			code: 'invalid'
		});
		expect(device.wire.exchanges).toHaveLength(sent);
	});
});
