import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Device, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { Cut, NEXT_PASSWORD, plan, rotate } from '../../../tests/hostile/rotating.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

/** Of a rotation of one vault, from the first look to the switch. */
const REQUESTS = Array.from({ length: 10 }, (_, index) => index);

let memory: SecretMemory;

beforeEach(() => {
	memory = new SecretMemory();
});

afterEach(() => {
	vi.restoreAllMocks();
});

async function opened(): Promise<{ world: World; device: Device; cut: Cut }> {
	const world = new World();
	const first = await world.account(['a']);
	first.keyholder.lock();
	const cut = new Cut(world.server.device());
	const device = new Device(cut.fetch);
	memory.forget();
	await device.unlock();
	return { world, device, cut };
}

describe('what a rotation makes keys of', () => {
	test('is gone once it is done: the account is held by as much as before', async () => {
		const { device } = await opened();
		const held = memory.left();
		await rotate(device, { password: PASSWORD, nextPassword: NEXT_PASSWORD });
		expect(memory.left()).toEqual(held);
		await device.valueOf('a');
		device.keyholder.lock();
		expect(memory.left()).toEqual([]);
	});

	test('is gone once the plan is dropped, replaced, or locked away', async () => {
		const { device } = await opened();
		const held = memory.left();
		await plan(device);
		const planned = memory.left();
		expect(planned.length).toBe(held.length);
		await plan(device);
		await device.keyholder.rotations.drop();
		expect(memory.left()).toEqual(held);
		await plan(device);
		device.keyholder.lock();
		expect(memory.left()).toEqual([]);
	});

	test.each(REQUESTS)(
		'is gone after a connection that broke at request %i, but for what may have arrived',
		async (index) => {
			const { device, cut } = await opened();
			const held = memory.left();
			await plan(device);
			cut.at(index, { answered: false, once: false });
			await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('offline'));
			cut.mend();
			await device.keyholder.refresh();
			const sent = index < 8 ? held : [...held, ...held].sort();
			expect(memory.left().filter((name) => name !== 'input')).toEqual(
				sent.filter((name) => name !== 'input')
			);
			device.keyholder.lock();
			expect(memory.left()).toEqual([]);
		}
	);

	test.each(REQUESTS)('is gone when a lock comes with the answer to request %i', async (index) => {
		const { device } = await opened();
		await plan(device);
		let requests = 0;
		device.wire.tamper = () => {
			if (requests++ === index) device.keyholder.lock();
			return undefined;
		};
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('locked'));
		await vi.waitFor(() => {
			expect(memory.left()).toEqual([]);
		});
	});
});
