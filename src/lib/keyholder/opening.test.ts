import { describe, expect, test } from 'vitest';
import type { UnlockStep } from '#lib/keyholder/views.ts';
import { EMAIL, PASSWORD, World, type Device } from '../../../tests/hostile/harness.ts';

/** What the device asked about its vault when it unlocked, and the chain that it was sent. */
async function lastVaultAnswer(
	device: Device
): Promise<{ query: string; chain: readonly string[] }> {
	device.keyholder.lock();
	await device.unlock();
	const asked = device.wire.exchanges.findLast(({ path }) => path.includes('/vaults/'));
	const { chain } = JSON.parse(asked?.answer ?? '') as { chain: string[] };
	return { query: asked?.path.split('?')[1] ?? '', chain };
}

describe('unlocking', () => {
	test('tells how many keys there are, and how many are opened', async () => {
		const world = new World();
		const writer = await world.account(['a']);
		await writer.keyholder.vaults.make('Second');
		const steps: UnlockStep[] = [];
		await world.device().keyholder.unlock(EMAIL, PASSWORD, (step) => steps.push(step));
		expect(steps.slice(2)).toEqual([
			{ step: 2, keys: 1 },
			{ step: 3, done: 0, total: 1 },
			{ step: 3, done: 1, total: 1 }
		]);
	});

	test('says whether there was a pin to compare with', async () => {
		const world = new World();
		const device = await world.knownDevice();
		expect((await device.unlock()).known).toBe(true);
		expect((await world.device().unlock()).known).toBe(false);
	});

	test('by kit does not lower what the password has to cost here', async () => {
		const device = new World().device();
		const { kit } = await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		for (const [hash, pin] of device.pins.emails) {
			device.pins.emails.set(hash, { ...pin, profile: 2 });
		}
		await device.keyholder.unlockWithKit(EMAIL, kit, undefined);
		expect([...device.pins.emails.values()]).toMatchObject([{ profile: 2 }]);
	});

	test('asks for all sheets, and for the chain from the pin on only', async () => {
		const world = new World();
		const device = await world.account(['a']);
		expect(await lastVaultAnswer(device)).toEqual({ query: 'after=0&chain=2', chain: [] });
		const other = world.device();
		await other.unlock();
		for (const name of ['b', 'c', 'd']) await other.add(name);
		const { query, chain } = await lastVaultAnswer(device);
		expect(query).toBe('after=0&chain=2');
		expect(chain).toHaveLength(2);
		expect(device.names).toEqual(['a', 'b', 'c', 'd']);
	});

	test('asks for what came after the pinned state of the account', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const { seq } = world.stored().chain;
		await device.unlock();
		const asked = device.wire.exchanges.findLast(({ path }) => /\/account(\?|$)/.test(path));
		expect(asked?.path.split('?')[1]).toBe(`after=${String(seq)}`);
	});

	test('asks for no chain where there is no pin that it could lead from', async () => {
		const world = new World();
		const writer = await world.account(['a']);
		for (const name of ['b', 'c', 'd']) await writer.add(name);
		for (const theme of ['dark', 'light'] as const) await writer.set({ theme });
		const fresh = world.device();
		await fresh.keyholder.unlock(EMAIL, PASSWORD);
		const asked = fresh.wire.exchanges.filter(({ method }) => method === 'GET');
		expect(asked.map(({ path }) => path.includes('?'))).toEqual([false, false]);
		expect(asked.flatMap(({ answer }) => (JSON.parse(answer) as { chain: [] }).chain)).toEqual([]);
		expect(fresh.names).toEqual(['a', 'b', 'c', 'd']);
	});
});
