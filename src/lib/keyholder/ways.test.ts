import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NewPasskey } from '#lib/keyholder/views.ts';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import {
	EMAIL,
	errorOf,
	NOW,
	ORIGIN,
	PASSWORD,
	World,
	type Device
} from '../../../tests/hostile/harness.ts';
import { rotate } from '../../../tests/hostile/rotating.ts';
import { refusal } from '../../../tests/refusals.ts';

const NEXT = 'another staple than before';

async function make(device: Device, ring = new Authenticator(ORIGIN)): Promise<NewPasskey> {
	return { ...ring.make(await device.keyholder.ways.offerPasskey()), name: 'Phone' };
}

/** A device that a passkey opened, where no email was typed. */
async function touched(): Promise<{ world: World; device: Device }> {
	const world = new World();
	const first = await world.account();
	const ring = new Authenticator(ORIGIN);
	await first.keyholder.ways.addPasskey(await make(first, ring), PASSWORD);
	const device = world.device();
	const request = await device.keyholder.askPasskey();
	await device.keyholder.unlockWithPasskey(ring.touch(request));
	return { world, device };
}

/** Has another device write settings just before each commit of the account. */
async function losing(world: World, device: Device): Promise<void> {
	const rival = world.device();
	await rival.unlock();
	let time = 0;
	device.wire.before = async (path) => {
		if (path.endsWith('/account/commits')) {
			await rival.set({ theme: time++ % 2 === 0 ? 'dark' : 'light' });
		}
	};
}

describe('an offer of a passkey', () => {
	test('names every passkey of the account, so that none is made twice', async () => {
		const device = await new World().account();
		const { ways } = device.keyholder;
		expect((await ways.offerPasskey()).excluded).toEqual([]);
		const passkey = await make(device);
		await ways.addPasskey(passkey, PASSWORD);
		expect((await ways.offerPasskey()).excluded).toEqual([passkey.credential]);
	});

	test('carries the email, or the name of the person, or the product’s', async () => {
		const world = new World();
		const first = await world.account();
		expect((await first.keyholder.ways.offerPasskey()).userName).toBe(EMAIL);
		const { device } = await touched();
		expect((await device.keyholder.ways.offerPasskey()).userName).toBe('Keyhold');
		await device.set({ name: 'Ada' });
		expect((await device.keyholder.ways.offerPasskey()).userName).toBe('Ada');
	});

	test('is made where there are no settings yet', async () => {
		const device = await new World().bareAccount();
		const { ways } = device.keyholder;
		expect(await ways.addPasskey(await make(device), PASSWORD)).toEqual({ outcome: 'changed' });
		const passkey = device.keyholder.view().slots.find(({ kind }) => kind === 'passkey');
		expect(passkey?.name).toBe('Phone');
	});
});

describe('a passkey that was made for an offer', () => {
	test('is added once: the offer ends with it', async () => {
		const device = await new World().account();
		const passkey = await make(device);
		const again = { ...passkey, prf: passkey.prf.slice() };
		await device.keyholder.ways.addPasskey(passkey, PASSWORD);
		const sent = device.wire.exchanges.length;
		const error = await errorOf(() => device.keyholder.ways.addPasskey(again, PASSWORD));
		expect(error).toMatchObject(refusal('invalid'));
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('may be added after a password that was wrong, and after a race that was lost', async () => {
		const world = new World();
		const device = await world.account();
		const passkey = await make(device);
		const { ways } = device.keyholder;
		const add = (password: string) =>
			ways.addPasskey({ ...passkey, prf: passkey.prf.slice() }, password);
		expect(await add('another password')).toEqual({ outcome: 'wrong-password' });
		await losing(world, device);
		expect(await add(PASSWORD)).toEqual({ outcome: 'conflict' });
		device.wire.before = undefined;
		expect(await add(PASSWORD)).toEqual({ outcome: 'changed' });
	});

	test('is not added after a lock', async () => {
		const device = await new World().account();
		const passkey = await make(device);
		device.keyholder.lock();
		await device.unlock();
		const error = await errorOf(() => device.keyholder.ways.addPasskey(passkey, PASSWORD));
		expect(error).toMatchObject(refusal('invalid'));
	});

	test('is not added if what was signed is no JSON', async () => {
		const device = await new World().account();
		const passkey = { ...(await make(device)), clientData: new Uint8Array([1, 2, 3]) };
		const error = await errorOf(() => device.keyholder.ways.addPasskey(passkey, PASSWORD));
		expect(error).toMatchObject(refusal('invalid'));
	});

	test('is not added where none was offered', async () => {
		const world = new World();
		const passkey = await make(await world.account());
		const device = world.device();
		await device.unlock();
		const error = await errorOf(() => device.keyholder.ways.addPasskey(passkey, PASSWORD));
		expect(error).toMatchObject(refusal('invalid'));
		expect(passkey.prf).toEqual(new Uint8Array(32));
	});

	test('is not added without a name', async () => {
		const device = await new World().account();
		const passkey = { ...(await make(device)), name: ' ' };
		const error = await errorOf(() => device.keyholder.ways.addPasskey(passkey, PASSWORD));
		expect(error).toMatchObject(refusal('invalid'));
	});

	test('leaves nothing of its PRF result, also where the password is wrong', async () => {
		const device = await new World().account();
		const passkey = await make(device);
		await device.keyholder.ways.addPasskey(passkey, 'another password');
		expect(passkey.prf).toEqual(new Uint8Array(32));
	});

	test('is as old as its slot says', async () => {
		const world = new World();
		const device = world.device(undefined, { now: () => NOW + 5_000 });
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		await device.keyholder.ways.addPasskey(await make(device), PASSWORD);
		const passkey = device.keyholder.view().slots.find(({ kind }) => kind === 'passkey');
		expect(passkey?.createdAtMs).toBe(NOW + 5_000);
	});

	test('has the names of those dropped that are not there any more, and no other', async () => {
		const device = await new World().account();
		await device.keyholder.ways.addPasskey(await make(device), PASSWORD);
		const { passkeys } = device.keyholder.view().settings;
		await device.set({ passkeys: { ...passkeys, AAECAwQFBgcICQoLDA0ODw: { name: 'gone' } } });
		const second = { ...(await make(device)), name: 'Laptop' };
		await device.keyholder.ways.addPasskey(second, PASSWORD);
		const names = Object.values(device.keyholder.view().settings.passkeys ?? {});
		expect(names).toEqual([{ name: 'Phone' }, { name: 'Laptop' }]);
	});

	test('ends what was proved before', async () => {
		const device = await new World().account(['a']);
		await device.keyholder.prove(PASSWORD);
		await device.keyholder.ways.addPasskey(await make(device), PASSWORD);
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject(refusal('proof'));
	});
});

describe('a new name', () => {
	test('is for passkeys alone', async () => {
		const device = await new World().account();
		await device.keyholder.ways.addPasskey(await make(device), PASSWORD);
		for (const { id, kind } of device.keyholder.view().slots) {
			if (kind === 'passkey') continue;
			const error = await errorOf(() => device.keyholder.ways.renamePasskey(id, 'Laptop'));
			expect(error).toMatchObject(refusal('gone'));
		}
	});

	test('leaves what another device has changed of the settings meanwhile', async () => {
		const world = new World();
		const device = await world.account();
		await device.keyholder.ways.addPasskey(await make(device), PASSWORD);
		const other = world.device();
		await other.unlock();
		await other.set({ theme: 'dark' });
		const slot = device.keyholder.view().slots.find(({ kind }) => kind === 'passkey');
		await device.keyholder.ways.renamePasskey(slot?.id ?? '', 'Laptop');
		expect(device.keyholder.view().settings.theme).toBe('dark');
	});
});

describe('a change that asks for the password', () => {
	test('sends nothing with what cannot be a code', async () => {
		const device = await new World().account();
		const sent = device.wire.exchanges.length;
		expect(await device.keyholder.ways.changePassword(PASSWORD, NEXT, 'no code')).toEqual({
			outcome: 'second-factor'
		});
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('remembers whose the email is, once the password fits it', async () => {
		const { world, device } = await touched();
		await device.keyholder.typeEmail(EMAIL);
		expect(device.pins.emails.size).toBe(0);
		await device.keyholder.ways.addPasskey(await make(device), PASSWORD);
		expect([...device.pins.emails.values()]).toEqual([{ account: world.stored().id, profile: 1 }]);
	});

	test('keeps what was proved before if it is not made', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await device.keyholder.prove(PASSWORD);
		await losing(world, device);
		expect(await device.keyholder.ways.changePassword(PASSWORD, NEXT)).toEqual({
			outcome: 'conflict'
		});
		expect(await device.keyholder.readAll()).toHaveLength(1);
	});

	test('of the email is not shown if it is not made', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await losing(world, device);
		const change = () => device.keyholder.ways.changeEmail('ada@lovelace.example', PASSWORD);
		expect(await change()).toEqual({ outcome: 'conflict' });
		expect(device.keyholder.view().email).toBe(EMAIL);
		device.wire.before = undefined;
		expect(await change()).toEqual({ outcome: 'changed' });
		expect(device.keyholder.view().email).toBe('ada@lovelace.example');
	});

	test('says what is wrong with the next password', async () => {
		const device = await new World().account();
		const error = await errorOf(() => device.keyholder.ways.changePassword(PASSWORD, 'short'));
		expect(error).toMatchObject({ code: 'invalid', message: 'password is too-short' });
	});

	test('may be followed by a rotation, which keeps the way in that is new', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await device.keyholder.ways.changePassword(PASSWORD, NEXT);
		await rotate(device, { password: NEXT });
		await world.device().unlock(EMAIL, NEXT);
	});
});

describe('what signs for a new passkey', () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	});

	afterEach(() => {
		vi.useRealTimers();
	});

	test('is forgotten once it is added', async () => {
		const device = await new World().account();
		await device.keyholder.ways.addPasskey(await make(device), PASSWORD);
		expect(vi.getTimerCount()).toBe(0);
	});
});
