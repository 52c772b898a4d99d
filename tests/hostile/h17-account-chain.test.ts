/** H17: a server that rolls the account's own manifest back, or forks it. */
import { describe, test } from 'vitest';
import { World, type Device } from './harness.ts';
import { changing } from './moves.ts';
import { copyOf } from './reference-records.ts';

async function setTheme(device: Device, theme: 'light' | 'dark'): Promise<void> {
	await device.set({ theme });
}

describe('a server that serves', () => {
	test('the account manifest of last week: refused', async () => {
		const world = new World();
		const device = await world.account();
		const before = copyOf(world.stored());
		await setTheme(device, 'dark');
		device.keyholder.lock();
		world.server.endSessions();
		world.putBack(before);
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'rollback', () => device.unlock());
	});

	test('an account manifest of another branch: refused', async () => {
		const world = new World();
		const device = await world.account();
		const before = copyOf(world.stored());
		await setTheme(device, 'dark');
		device.keyholder.lock();
		world.putBack(before);
		const other = world.device();
		await other.unlock();
		await setTheme(other, 'light');
		await setTheme(other, 'dark');
		world.server.endSessions();
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'fork', () => device.unlock());
	});

	test('old settings under the new manifest: refused', async () => {
		const world = new World();
		const device = await world.account();
		const { settings } = copyOf(world.stored());
		await setTheme(device, 'dark');
		device.keyholder.lock();
		world.server.endSessions();
		device.wire.tamper = changing('/account', (json) => ({ ...json, settings }));
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('an account key of a generation below the pinned one: refused', async () => {
		const world = new World();
		const device = await world.knownDevice();
		for (const [id, pin] of device.pins.accounts) {
			device.pins.accounts.set(id, { ...pin, generation: 2 });
		}
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'rollback', () => device.unlock());
	});
});
