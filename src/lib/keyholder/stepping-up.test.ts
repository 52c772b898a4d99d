import { afterEach, describe, expect, test, vi } from 'vitest';
import { Device, EMAIL, errorOf, NOW, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

afterEach(() => {
	vi.restoreAllMocks();
});

/** A tab in which no password was entered yet, since passwords have come to cost more. */
async function tab(names: readonly string[] = [], now = () => NOW) {
	const world = new World();
	const fetch = world.server.device();
	const first = new Device(fetch);
	await first.keyholder.prepare(EMAIL, PASSWORD);
	await first.keyholder.register();
	if (names.length > 0) await first.add(...names);
	const lent = await first.keyholder.lending.lend();
	if (lent === undefined) throw new Error('nothing was lent');
	const device = new Device(fetch, first.pins, { defaultProfile: 2, now });
	await device.keyholder.lending.resume(lent);
	return { world, device, sentBefore: device.wire.exchanges.length };
}

function profileIn(world: World): unknown {
	return world.stored().slots.find(({ kind }) => kind === 1)?.['profile'];
}

describe('the password once more', () => {
	test('proves, and takes up what passwords have come to cost; the proof holds on', async () => {
		const { world, device } = await tab(['a']);
		expect(await device.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
		expect(await device.keyholder.readAll()).toHaveLength(1);
		expect(profileIn(world)).toBe(2);
		await world.device().unlock();
	});

	test('is refused if it is another one, and nothing is sent', async () => {
		const { world, device, sentBefore } = await tab();
		const memory = new SecretMemory();
		expect(await device.keyholder.prove('wrong')).toEqual({ outcome: 'wrong-password' });
		expect(device.wire.exchanges).toHaveLength(sentBefore);
		expect(profileIn(world)).toBe(1);
		expect(memory.left()).toEqual([]);
	});

	test('takes nothing up where a code would be wanted, and leaves nothing', async () => {
		const { world, device, sentBefore } = await tab();
		world.stored().factor.on = true;
		const memory = new SecretMemory();
		expect(await device.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
		await device.keyholder.affairs.secondFactor();
		expect(device.wire.requests().slice(sentBefore)).toEqual([
			'GET /api/v1/account/second-factor',
			'GET /api/v1/account/second-factor'
		]);
		expect(profileIn(world)).toBe(1);
		expect(memory.left()).toEqual([]);
	});

	test('takes nothing up where it costs that much already', async () => {
		const world = new World();
		const device = await world.account();
		const sent = device.wire.exchanges.length;
		const memory = new SecretMemory();
		expect(await device.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
		await device.keyholder.fingerprint(device.vault.id, 'x');
		expect(device.wire.exchanges).toHaveLength(sent);
		expect(memory.left()).toEqual([]);
	});

	test('takes nothing up where the keys are to be replaced first', async () => {
		const world = new World();
		const device = world.device(undefined, { defaultProfile: 2 });
		const first = world.device();
		const { kit } = await first.keyholder.prepare(EMAIL, PASSWORD);
		await first.keyholder.register();
		await device.keyholder.unlockWithKit(EMAIL, kit, undefined);
		const sent = device.wire.exchanges.length;
		expect(await device.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
		await device.keyholder.fingerprint(device.vault.id, 'x');
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('leaves nothing in memory where the email cannot be remembered', async () => {
		class Full extends MemoryPins {
			full = false;
			override save(change: Parameters<MemoryPins['save']>[0]): Promise<void> {
				return this.full ? Promise.reject(new Error('no room')) : super.save(change);
			}
		}
		const world = new World();
		await world.account();
		const pins = new Full();
		const device = world.device(pins);
		await device.unlock();
		pins.emails.clear();
		pins.full = true;
		const memory = new SecretMemory();
		const proving = () => device.keyholder.prove(PASSWORD);
		expect(await errorOf(proving)).toMatchObject({ message: 'no room' });
		expect(memory.left()).toEqual([]);
	});
});

describe('a cost that is taken up', () => {
	test('proves nothing where nothing was proved', async () => {
		const world = new World();
		await world.account();
		const device = world.device(undefined, { defaultProfile: 2 });
		await device.unlock();
		await device.keyholder.refresh();
		expect(profileIn(world)).toBe(2);
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject(refusal('proof'));
	});

	test('proves for ten minutes more where something was', async () => {
		let now = NOW;
		const { world, device } = await tab([], () => now);
		await device.keyholder.prove(PASSWORD);
		now += 300_000;
		await device.keyholder.refresh();
		expect(profileIn(world)).toBe(2);
		now += 599_999;
		expect(await device.keyholder.readAll()).toHaveLength(1);
	});

	test('leaves nothing in memory where the answer is lost', async () => {
		const { device } = await tab();
		device.wire.tamper = (_, { path }) => (path.endsWith('/commits') ? 'nothing' : undefined);
		const memory = new SecretMemory();
		await device.keyholder.prove(PASSWORD);
		await device.keyholder.fingerprint(device.vault.id, 'x');
		await vi.waitFor(() => {
			expect(memory.left()).toEqual([]);
		});
	});
});
