/** H18 with two tabs: one device, one memory, two keyholders, and a server that tells them apart. */
import { describe, expect, test } from 'vitest';
import type { Device } from './harness.ts';
import { World } from './harness.ts';
import { changing, vaultPath } from './moves.ts';
import { copyOf, type StoredAccount } from './reference-records.ts';
import { refusal } from '../refusals.ts';

/** Two open tabs of one device, and a second history to serve to one of them. */
async function twoTabs(): Promise<{
	world: World;
	one: Device;
	other: Device;
	branch: StoredAccount;
}> {
	const world = new World();
	const one = await world.account(['a']);
	const other = world.device(one.pins);
	await other.unlock();
	return { world, one, other, branch: copyOf(world.stored()) };
}

describe('a server that forks two tabs of one device', () => {
	test('and lets the other run ahead: the first write that it acknowledges is found out', async () => {
		const { world, one, other, branch } = await twoTabs();
		const main = copyOf(world.stored());
		world.putBack(branch);
		for (const name of ['v', 'w', 'x', 'y']) await other.add(name);
		world.putBack(main);
		one.wire.tamper = changing('/commits', (json) => json);
		await world.refused(one, 'rollback', () => one.add('lost'), 1);
	});

	test('and lets the other run ahead by settings: the same', async () => {
		const { world, one, other, branch } = await twoTabs();
		const main = copyOf(world.stored());
		world.putBack(branch);
		for (const theme of ['light', 'dark', 'light'] as const) await other.set({ theme });
		world.putBack(main);
		one.wire.tamper = changing('/commits', (json) => json);
		await world.refused(one, 'rollback', () => one.set({ theme: 'dark' }), 1);
	});

	test('and shows the longer history to the tab that wrote less: found out as a fork', async () => {
		const { world, one, other, branch } = await twoTabs();
		const main = copyOf(world.stored());
		world.putBack(branch);
		await other.add('v');
		await other.add('w');
		world.putBack(main);
		const third = world.device();
		await third.unlock();
		for (const name of ['p', 'q', 'r']) await third.add(name);
		one.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(one, 'fork', () => one.keyholder.refresh());
	});

	test('while the answer to the first is on its way: a write of the other is not painted over', async () => {
		const { world, one, other, branch } = await twoTabs();
		const third = world.device();
		await third.unlock();
		for (const name of ['p', 'q', 'r']) await third.add(name);
		const main = copyOf(world.stored());
		one.wire.tamper = async ({ json }, { path }) => {
			if (!path.includes(vaultPath(world))) return undefined;
			world.putBack(branch);
			await other.add('lost');
			world.putBack(main);
			return { json };
		};
		await expect(one.keyholder.refresh()).rejects.toMatchObject(refusal('fork'));
		await expect(other.keyholder.refresh()).rejects.toMatchObject(refusal('fork'));
	});

	test('while the answer to an unlock is on its way: the same', async () => {
		const { world, one, other, branch } = await twoTabs();
		one.keyholder.lock();
		const third = world.device();
		await third.unlock();
		for (const name of ['p', 'q', 'r']) await third.add(name);
		const main = copyOf(world.stored());
		one.wire.tamper = async ({ json }, { path }) => {
			if (!path.includes(vaultPath(world))) return undefined;
			world.putBack(branch);
			await other.add('lost');
			world.putBack(main);
			return { json };
		};
		await expect(one.unlock()).rejects.toMatchObject(refusal('fork'));
	});
});

describe('two tabs of one device, honestly', () => {
	test('write in turns', async () => {
		const { world, one, other } = await twoTabs();
		await one.add('b');
		await other.add('c');
		await one.add('d');
		await other.set({ theme: 'dark' });
		await one.set({ theme: 'light' });
		await other.keyholder.refresh();
		expect(other.names).toEqual(['a', 'b', 'c', 'd']);
		await world.expectSilent(one);
	});

	test('may overtake each other while an answer is on its way', async () => {
		const { world, one, other } = await twoTabs();
		one.wire.tamper = async ({ status }, { path }) => {
			if (!path.endsWith('/commits') || status >= 300) return undefined;
			one.wire.tamper = undefined;
			await other.add('c');
			await other.add('d');
			return undefined;
		};
		await one.add('b');
		expect(one.names).toEqual(['a', 'b', 'c', 'd']);
		await world.expectSilent(one);
	});

	test('may overtake each other while a look is on its way', async () => {
		const { world, one, other } = await twoTabs();
		await other.add('b');
		one.wire.tamper = async (_, { path }) => {
			if (!path.includes(vaultPath(world))) return undefined;
			one.wire.tamper = undefined;
			await other.add('c');
			return undefined;
		};
		await one.keyholder.refresh();
		await one.add('d');
		expect(one.names).toEqual(['a', 'b', 'c', 'd']);
	});
});
