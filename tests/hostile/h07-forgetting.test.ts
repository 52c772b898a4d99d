/** H07 by way of the device: a server that makes the browser forget what it has seen. */
import { describe, expect, test } from 'vitest';
import { World } from './harness.ts';
import { copyOf } from './reference-records.ts';
import { refusal } from '../refusals.ts';

describe('a server that erases the pins of this device', () => {
	test('under an open wallet: refused at the next look, and nothing is sent any more', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = copyOf(world.stored());
		await device.add('b');
		device.pins.accounts.clear();
		world.putBack(before);
		const sent = device.wire.exchanges.length;
		await expect(device.keyholder.refresh()).rejects.toMatchObject(refusal('pins-lost'));
		await expect(device.valueOf('a')).rejects.toMatchObject(refusal('pins-lost'));
		expect(device.wire.exchanges.length).toBe(sent);
		expect(device.names).toEqual(['a', 'b']);
	});

	test('with the answer to a write: the write is not called saved', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.wire.tamper = (_, { path }) => {
			if (path.endsWith('/commits')) device.pins.accounts.clear();
			return undefined;
		};
		await expect(device.add('b')).rejects.toMatchObject(refusal('pins-lost'));
		expect(device.pins.accounts.size).toBe(0);
	});

	test('with the answer to a look: the same, and no pin is made of it', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.wire.tamper = (_, { path }) => {
			if (path.includes('/vaults/')) device.pins.accounts.clear();
			return undefined;
		};
		await expect(device.keyholder.refresh()).rejects.toMatchObject(refusal('pins-lost'));
		expect(device.pins.accounts.size).toBe(0);
	});

	test('of one vault, or back to an older one: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const [[id, old] = []] = device.pins.accounts;
		if (id === undefined || old === undefined) throw new Error('no pin');
		await device.add('b');
		device.pins.accounts.set(id, old);
		await expect(device.keyholder.refresh()).rejects.toMatchObject(refusal('pins-lost'));
		await device.unlock();
		device.pins.accounts.set(id, { ...old, vaults: {} });
		await expect(device.add('c')).rejects.toMatchObject(refusal('pins-lost'));
	});

	test('before an unlock: it opens, and says that this device has no memory of the account', async () => {
		const world = new World();
		const device = await world.account(['a']);
		expect(device.keyholder.view().known).toBe(true);
		expect((await device.unlock()).known).toBe(true);
		device.keyholder.lock();
		device.pins.accounts.clear();
		device.pins.emails.clear();
		expect((await device.unlock()).known).toBe(false);
		expect((await device.keyholder.refresh()).known).toBe(false);
		expect((await device.unlock()).known).toBe(true);
	});
});
