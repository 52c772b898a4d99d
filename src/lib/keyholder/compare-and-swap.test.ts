import { describe, expect, test } from 'vitest';
import { Device, errorOf, newKey, World } from '../../../tests/hostile/harness.ts';

async function second(world: World): Promise<Device> {
	const device = world.device();
	await device.unlock();
	return device;
}

async function freshNames(world: World): Promise<string[]> {
	return (await second(world)).names;
}

describe('a save whose answer was lost', () => {
	/** Loses the answers of the next commits, and of what is asked about them. */
	function deaf(device: Device): () => void {
		device.wire.tamper = () => 'nothing';
		return () => {
			device.wire.tamper = undefined;
		};
	}

	test('is recognised when the same is saved again: the key is there once', async () => {
		const world = new World();
		const device = await world.account();
		const vault = device.vault.id;
		const hear = deaf(device);
		const attempt = (at: number) => {
			const { overview, secret } = newKey('a');
			const moved = { ...overview, createdAt: at, changedAt: at };
			return device.keyholder.save([{ kind: 'add', vault, overview: moved, secret }]);
		};
		expect(await errorOf(() => attempt(1))).toMatchObject({ code: 'offline' });
		expect(world.storedVault().chain.seq).toBe(2);
		hear();
		expect(await attempt(2)).toMatchObject({ outcome: 'saved', beside: [] });
		expect(await freshNames(world)).toEqual(['a']);
	});

	test('is recognised after a refresh too', async () => {
		const world = new World();
		const device = await world.account();
		const edit = { kind: 'add', vault: device.vault.id, ...newKey('a') } as const;
		const hear = deaf(device);
		await errorOf(() => device.keyholder.save([edit]));
		hear();
		await device.keyholder.refresh();
		expect((await device.keyholder.save([edit])).outcome).toBe('saved');
		expect(await freshNames(world)).toEqual(['a']);
	});

	test('is written when it had not arrived', async () => {
		const world = new World();
		const inner = world.server.device();
		let down = false;
		const device = new Device((url, init) =>
			down ? Promise.reject(new TypeError('down')) : inner(url, init)
		);
		await world.account();
		await device.unlock();
		const edit = { kind: 'add', vault: device.vault.id, ...newKey('a') } as const;
		down = true;
		expect(await errorOf(() => device.keyholder.save([edit]))).toMatchObject({ code: 'offline' });
		down = false;
		expect((await device.keyholder.save([edit])).outcome).toBe('saved');
		expect(await freshNames(world)).toEqual(['a']);
	});

	test('does not swallow another save', async () => {
		const world = new World();
		const device = await world.account();
		const vault = device.vault.id;
		const hear = deaf(device);
		await errorOf(() => device.keyholder.save([{ kind: 'add', vault, ...newKey('a') }]));
		hear();
		await device.add('b');
		expect(await freshNames(world)).toEqual(['a', 'b']);
	});
});
