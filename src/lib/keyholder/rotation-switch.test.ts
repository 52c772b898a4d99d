import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Device } from '../../../tests/hostile/harness.ts';
import { EMAIL, errorOf, PASSWORD, valueOf, World } from '../../../tests/hostile/harness.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { contentsOf, plan, standing } from '../../../tests/hostile/rotating.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import type { Forged } from '../../../tests/hostile/wire.ts';
import { refusal } from '../../../tests/refusals.ts';

async function planned(pins = new MemoryPins()): Promise<{ world: World; device: Device }> {
	const world = new World();
	const device = world.device(pins);
	await device.keyholder.prepare(EMAIL, PASSWORD);
	await device.keyholder.register();
	await device.add('a');
	await plan(device);
	return { world, device };
}

/** Answers the first request to a path of this end with `forged`. */
function once(device: Device, end: string, forged: Forged): void {
	device.wire.tamper = (_, { path }) => {
		if (!path.endsWith(end)) return undefined;
		device.wire.tamper = undefined;
		return forged;
	};
}

/** The switch arrives, and no answer from then on. */
function loseFromSwitch(device: Device): void {
	let away = false;
	device.wire.tamper = (_, { path }) => {
		away ||= path.endsWith('/account/rotation');
		return away ? 'nothing' : undefined;
	};
}

function sentTo(device: Device, end: string): number {
	return device.wire.requests().filter((request) => request.endsWith(end)).length;
}

describe('a part of a rotation', () => {
	test.each<[string, Forged]>([
		['is lost', 'nothing'],
		['says that the server failed', problem(500, 'failed')]
	])('whose answer %s is sent once more', async (_, forged) => {
		const { world, device } = await planned();
		once(device, '/parts', forged);
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(sentTo(device, '/parts')).toBe(3);
		expect(await contentsOf(world)).toEqual({ a: valueOf('a') });
	});

	test('that is refused is not sent again, and nothing after it', async () => {
		const { device } = await planned();
		once(device, '/parts', problem(413, 'too-large'));
		const error = await errorOf(() => device.keyholder.rotations.run());
		expect(error).toMatchObject(refusal('too-large'));
		expect(device.wire.requests().at(-1)).toMatch(/\/parts$/);
		expect(sentTo(device, '/parts')).toBe(1);
	});
});

describe('the switch of a rotation', () => {
	test('that another device was faster than brings what that one has written', async () => {
		const { world, device } = await planned();
		const rival = world.device();
		await rival.unlock();
		let challenges = 0;
		device.wire.tamper = async (_, { path }) => {
			if (path.endsWith('/challenge') && ++challenges === 2) await rival.add('theirs');
			return undefined;
		};
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		expect(sentTo(device, '/account/rotation')).toBe(1);
		expect(device.names).toEqual(['a', 'theirs']);
	});

	test('is looked for before anything else is sent, once it may have arrived', async () => {
		const { device } = await planned();
		loseFromSwitch(device);
		const error = await errorOf(() => device.keyholder.rotations.run());
		expect(error).toMatchObject(refusal('offline'));
		const sent = device.wire.exchanges.length;
		device.wire.tamper = undefined;
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(sentTo(device, '/account/rotation')).toBe(1);
		const [looked] = device.wire.exchanges.slice(sent);
		expect(looked?.path).toBe('/api/v1/account?after=2');
	});

	test('is found with one look if its answer alone was lost, and nothing is looked for before', async () => {
		const { device } = await planned();
		const sent = device.wire.exchanges.length;
		once(device, '/account/rotation', 'nothing');
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		const requests = device.wire.requests().slice(sent);
		expect(requests.indexOf('POST /api/v1/account/rotation')).toBe(9);
		const look = ['GET /api/v1/account', `GET /api/v1/vaults/${device.vault.id}`];
		expect(requests.slice(10)).toEqual(['GET /api/v1/account', ...look]);
	});

	test('is found below what another device has written on top of it', async () => {
		const { world, device } = await planned();
		loseFromSwitch(device);
		await errorOf(() => device.keyholder.rotations.run());
		device.wire.tamper = undefined;
		const other = world.device();
		await other.unlock();
		await other.set({ theme: 'light' });
		await other.add('c');
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(standing(world).generations).toEqual([2, 2]);
		expect(device.names).toEqual(['a', 'c']);
		expect(device.keyholder.view().settings.theme).toBe('light');
	});

	test('that cannot be remembered leaves the keys of before as they are, and is found again', async () => {
		class Full extends MemoryPins {
			full = false;
			override save(change: Parameters<MemoryPins['save']>[0]): Promise<void> {
				return this.full ? Promise.reject(new Error('no room')) : super.save(change);
			}
		}
		const pins = new Full();
		const { device } = await planned(pins);
		const print = () => device.keyholder.fingerprint(device.vault.id, valueOf('a'));
		const before = await print();
		// It is what stores the switch that fails, not a look at the account before it.
		device.wire.tamper = (_, { path }) => {
			pins.full = path.endsWith('/account/rotation');
			return undefined;
		};
		await expect(device.keyholder.rotations.run()).rejects.toThrow('no room');
		expect(await print()).toBe(before);
		pins.full = false;
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(sentTo(device, '/account/rotation')).toBe(1);
		expect(await device.valueOf('a')).toBe(valueOf('a'));
	});
});

describe('the keys of a rotation', () => {
	afterEach(() => {
		vi.restoreAllMocks();
	});

	/** An open device, and what is held of it. */
	async function opened() {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		const memory = new SecretMemory();
		await device.unlock();
		return { world, device, memory, held: memory.left() };
	}

	test('are gone if another device has written while it was sent', async () => {
		const { world, device, memory, held } = await opened();
		const rival = world.device();
		await rival.unlock();
		await plan(device);
		device.wire.before = async (path) => {
			if (!path.endsWith('/parts')) return;
			device.wire.before = undefined;
			await rival.add('theirs');
		};
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		await device.keyholder.rotations.drop();
		rival.keyholder.lock();
		expect(memory.left()).toEqual(held);
	});

	test('are gone if a part did not arrive', async () => {
		const { device, memory, held } = await opened();
		await plan(device);
		device.wire.tamper = (_, { path }) => (path.endsWith('/parts') ? 'nothing' : undefined);
		await errorOf(() => device.keyholder.rotations.run());
		await device.keyholder.rotations.drop();
		expect(memory.left()).toEqual(held);
	});

	test('are gone if it was sent, and is given up before an answer came', async () => {
		const { device, memory, held } = await opened();
		await plan(device);
		loseFromSwitch(device);
		await errorOf(() => device.keyholder.rotations.run());
		expect(memory.left().length).toBeGreaterThan(held.length);
		await device.keyholder.rotations.drop();
		expect(memory.left()).toEqual(held);
	});

	test('are those of the account once it is done, and those of before are gone', async () => {
		const { device, memory, held } = await opened();
		await plan(device);
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(memory.left()).toEqual(held);
		await device.add('b');
	});
});

function problem(status: number, code: string): Forged {
	const json = { type: 'about:blank', title: 'No.', status, code };
	return { status, type: 'application/problem+json', json };
}
