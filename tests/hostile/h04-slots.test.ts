/** H04: a server that adds or hides a way in, or brings back a wrap from before. */
import { describe, expect, test } from 'vitest';
import { Authenticator } from './authenticator.ts';
import { EMAIL, errorOf, ORIGIN, PASSWORD, World, type Device } from './harness.ts';
import { changing, type Members } from './moves.ts';
import { refusal } from '../refusals.ts';

const NEXT = 'another staple than before';

async function withPasskey(): Promise<{
	world: World;
	device: Device;
	authenticator: Authenticator;
}> {
	const world = new World();
	const device = await world.account(['a']);
	const authenticator = new Authenticator(ORIGIN);
	await addPasskey(device, authenticator);
	return { world, device, authenticator };
}

async function addPasskey(device: Device, authenticator: Authenticator): Promise<void> {
	const { ways } = device.keyholder;
	const passkey = { ...authenticator.make(await ways.offerPasskey()), name: 'Phone' };
	expect(await ways.addPasskey(passkey, PASSWORD)).toEqual({ outcome: 'changed' });
}

function leave(world: World, device: Device): void {
	device.keyholder.lock();
	world.server.endSessions();
}

function slotsWith(change: (slots: Members[]) => Members[]) {
	return changing('/account', (json) => ({
		...json,
		slots: change(json['slots'] as Members[])
	}));
}

describe('a server that changes which ways in there are', () => {
	test('hides a passkey: refused', async () => {
		const { world, device } = await withPasskey();
		leave(world, device);
		device.wire.tamper = slotsWith((slots) => slots.filter(({ kind }) => kind !== 3));
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('adds a passkey of its own: refused', async () => {
		const { world, device } = await withPasskey();
		leave(world, device);
		device.wire.tamper = slotsWith((slots) => [
			...slots,
			{
				...slots.find(({ kind }) => kind === 3),
				id: 'AAAAAAAAAAAAAAAAAAAAAA',
				credential: 'AAAA'
			}
		]);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('puts one of its own in the place of the kit: refused', async () => {
		const { world, device } = await withPasskey();
		leave(world, device);
		device.wire.tamper = slotsWith((slots) =>
			slots.map((slot) =>
				slot['kind'] === 2
					? { id: slot['id'], kind: 3, revision: 1, credential: 'AAAA', createdAtMs: 0 }
					: slot
			)
		);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('while the account is open: refused', async () => {
		const { world, device } = await withPasskey();
		device.wire.tamper = slotsWith((slots) => slots.filter(({ kind }) => kind !== 3));
		await world.refused(device, 'integrity', () => device.keyholder.refresh());
	});

	test('names another passkey than the one that signed: refused', async () => {
		const { world, device, authenticator } = await withPasskey();
		leave(world, device);
		device.wire.tamper = slotsWith((slots) =>
			slots.map((slot) => (slot['kind'] === 3 ? { ...slot, credential: 'AAAA' } : slot))
		);
		await world.refused(device, 'integrity', async () => {
			const touched = authenticator.touch(await device.keyholder.askPasskey());
			await device.keyholder.unlockWithPasskey(touched);
		});
	});
});

describe('a server that brings back', () => {
	test('the password of before, with its slot and its wrap: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = world.stored().slots;
		await device.keyholder.ways.changePassword(PASSWORD, NEXT);
		world.password = NEXT;
		leave(world, device);
		world.stored().slots = before;
		const pins = device.pins.snapshot();
		const error = await errorOf(() => device.keyholder.unlock(EMAIL, PASSWORD));
		expect(error).toMatchObject(refusal('integrity'));
		expect(device.pins.snapshot()).toBe(pins);
	});

	test('the wrap of before under the slot of now: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = world.stored().slots.find(({ kind }) => kind === 1)?.wrap;
		await device.keyholder.ways.changePassword(PASSWORD, NEXT);
		world.password = NEXT;
		leave(world, device);
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, wrap: before }));
		// The slot's revision, which the wrap is tied to, comes with the account.
		await world.refused(device, 'integrity', () => device.unlock(EMAIL, NEXT), 1);
	});

	test('an older wrap where the account key is asked for once more: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = world.stored().slots.find(({ kind }) => kind === 1)?.wrap;
		const { ways } = device.keyholder;
		await ways.changePassword(PASSWORD, NEXT);
		world.password = NEXT;
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, wrap: before }));
		await world.refused(device, 'integrity', () => ways.changePassword(NEXT, PASSWORD));
	});

	test('another slot’s wrap after a passkey has signed: refused', async () => {
		const { world, device, authenticator } = await withPasskey();
		const other = new Authenticator(ORIGIN);
		await addPasskey(device, other);
		const [first, second] = world.stored().slots.filter(({ kind }) => kind === 3);
		leave(world, device);
		device.wire.tamper = changing('/auth/verify', (json) => ({
			...json,
			wrap: json['slot'] === first?.id ? second?.wrap : first?.wrap
		}));
		await world.refused(
			device,
			'integrity',
			async () => {
				const touched = authenticator.touch(await device.keyholder.askPasskey());
				await device.keyholder.unlockWithPasskey(touched);
			},
			1
		);
	});
});
