/** H07: a server that serves an older state, whole and consistent, or another history. */
import { describe, expect, test } from 'vitest';
import { NOW, PASSWORD, World, type Device } from './harness.ts';
import { changing, vaultPath } from './moves.ts';
import { copyOf } from './reference-records.ts';

/** A device that has seen `b`, and the state of the server before that. */
async function seenMore(world: World) {
	const device = await world.account(['a']);
	const before = copyOf(world.stored());
	await device.add('b');
	device.keyholder.lock();
	world.server.endSessions();
	return { device, before };
}

/** Writes `name` from a device that has seen nothing yet. */
async function writeElsewhere(world: World, name: string): Promise<Device> {
	const other = world.device();
	await other.unlock();
	await other.add(name);
	return other;
}

describe('a server that rolls a vault back', () => {
	test('to last week, consistently: a device that saw more refuses', async () => {
		const world = new World();
		const { device, before } = await seenMore(world);
		world.putBack(before);
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		const { detail } = await world.refused(device, 'rollback', () => device.unlock());
		expect(detail).toEqual({ expectedSeq: 3, servedSeq: 2 });
	});

	test('under an open wallet: a refresh refuses, and the verified keys stay in view', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = copyOf(world.stored());
		await device.add('b');
		world.putBack(before);
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'rollback', () => device.keyholder.refresh());
		expect(device.names).toEqual(['a', 'b']);
	});

	test('and asks for more afterwards: nothing is sent until the account is unlocked anew', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = copyOf(world.stored());
		await device.add('b');
		world.putBack(before);
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'rollback', () => device.keyholder.refresh());
		await world.refused(device, 'rollback', () => device.valueOf('a'));
		await world.refused(device, 'rollback', () => device.add('c'));
		await world.refused(device, 'rollback', () => device.keyholder.refresh());
	});

	test('and forward along a branch of another device: refused as a fork', async () => {
		const world = new World();
		const { device, before } = await seenMore(world);
		world.putBack(before);
		await (await writeElsewhere(world, 'x')).add('y', 'z');
		world.server.endSessions();
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'fork', () => device.unlock());
	});

	test('to a branch of the very same length: refused as a fork', async () => {
		const world = new World();
		const { device, before } = await seenMore(world);
		world.putBack(before);
		await writeElsewhere(world, 'x');
		world.server.endSessions();
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'fork', () => device.unlock());
	});

	test('and hides the branch in a chain of hashes that it made up: refused as a fork', async () => {
		const world = new World();
		const { device, before } = await seenMore(world);
		const genuine = world.storedVault().chain.after(0);
		world.putBack(before);
		await (await writeElsewhere(world, 'x')).add('y');
		world.server.endSessions();
		const wrongs = [
			[],
			genuine,
			[...genuine, ...genuine],
			[Buffer.alloc(32).toString('base64url')]
		];
		for (const chain of wrongs) {
			world.server.endSessions();
			device.wire.forgeries = 0;
			device.wire.tamper = changing(vaultPath(world), (json) => ({ ...json, chain }));
			await world.refused(device, 'fork', () => device.unlock());
		}
	});

	test('below what the account itself says was there: refused even by a new device', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const old = copyOf(world.stored()).vaults;
		await device.add('b');
		await device.set({ theme: 'dark' });
		world.putBack({ ...world.stored(), vaults: old });
		const fresh = world.device();
		fresh.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(fresh, 'rollback', () => fresh.unlock());
	});

	test('for a device that never saw more: it opens, and the date of the last change shows', async () => {
		const world = new World();
		const { before } = await seenMore(world);
		world.putBack(before);
		const fresh = world.device();
		const view = await fresh.unlock();
		expect(view.vaults[0]?.seq).toBe(2);
		expect(view.vaults[0]?.changedAtMs).toBe(NOW);
		expect(fresh.names).toEqual(['a']);
	});

	test('while two tabs are open: the one that saw less refuses what the other has seen past', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const tab = world.device(device.pins);
		await tab.unlock();
		const before = copyOf(world.stored());
		await device.add('b');
		world.putBack(before);
		tab.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(tab, 'rollback', () => tab.keyholder.refresh());
	});

	test('to before the registration: the known email answers with another account', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		world.server.accounts.clear();
		await world.account(['b']);
		world.server.endSessions();
		device.derived.length = 0;
		device.wire.tamper = changing('/auth/challenge', (json) => json);
		await world.refused(device, 'rollback', () =>
			device.keyholder.unlock('ada@example.org', PASSWORD)
		);
		expect(device.derived).toEqual([]);
	});
});
