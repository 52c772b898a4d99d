import { describe, expect, test } from 'vitest';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { NewPasskey } from '#lib/keyholder/views.ts';
import { needlesOf, found } from '../../../tests/canary/needles.ts';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import {
	EMAIL,
	errorOf,
	ORIGIN,
	PASSWORD,
	World,
	type Device
} from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

async function add(device: Device, authenticator: Authenticator, name = 'Phone'): Promise<void> {
	const offer = await device.keyholder.ways.offerPasskey();
	const passkey = { ...authenticator.make(offer), name };
	expect(await device.keyholder.ways.addPasskey(passkey, PASSWORD)).toEqual({ outcome: 'changed' });
}

async function touch(device: Device, authenticator: Authenticator) {
	const request = await device.keyholder.askPasskey();
	return await device.keyholder.unlockWithPasskey(authenticator.touch(request));
}

async function enrolled(): Promise<{ world: World; device: Device; authenticator: Authenticator }> {
	const world = new World();
	const device = await world.account(['a']);
	const authenticator = new Authenticator(ORIGIN);
	await add(device, authenticator);
	return { world, device, authenticator };
}

describe('a passkey that is added', () => {
	test('is listed with its name, and what was there stays', async () => {
		const { device } = await enrolled();
		const { slots, settings } = device.keyholder.view();
		expect(slots.map(({ kind }) => kind).sort()).toEqual(['passkey', 'password', 'recovery']);
		expect(slots.find(({ kind }) => kind === 'passkey')?.name).toBe('Phone');
		expect(settings.vaults).not.toEqual({});
		expect(device.names).toEqual(['a']);
	});

	test('is found by another device that unlocks with the password', async () => {
		const { world } = await enrolled();
		const view = await world.device().unlock();
		expect(view.slots.find(({ kind }) => kind === 'passkey')?.name).toBe('Phone');
	});

	test('ends the sessions of other devices', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const other = world.device();
		await other.unlock();
		await add(device, new Authenticator(ORIGIN));
		expect(await errorOf(() => other.keyholder.refresh())).toMatchObject(refusal('auth'));
		expect((await device.keyholder.refresh()).slots).toHaveLength(3);
	});

	test('needs the password, and the second factor where there is one', async () => {
		const world = new World();
		const device = await world.account();
		const authenticator = new Authenticator(ORIGIN);
		const { ways } = device.keyholder;
		const make = async (): Promise<NewPasskey> => ({
			...authenticator.make(await ways.offerPasskey()),
			name: 'Phone'
		});
		expect(await ways.addPasskey(await make(), 'another password')).toEqual({
			outcome: 'wrong-password'
		});
		const { factor } = world.stored();
		factor.on = true;
		factor.codes.add('123456');
		expect(await ways.addPasskey(await make(), PASSWORD)).toEqual({ outcome: 'second-factor' });
		expect(await ways.addPasskey(await make(), PASSWORD, '123456')).toEqual({ outcome: 'changed' });
	});

	test('must have been made for the last offer, with a PRF result', async () => {
		const device = await new World().account();
		const authenticator = new Authenticator(ORIGIN);
		const { ways } = device.keyholder;
		const earlier = { ...authenticator.make(await ways.offerPasskey()), name: 'Phone' };
		const offer = await ways.offerPasskey();
		const sent = device.wire.exchanges.length;
		const without = (prf: Bytes) => ({ ...authenticator.make(offer), name: 'Phone', prf });
		for (const passkey of [
			earlier,
			without(new Uint8Array(0)),
			without(new Uint8Array(32)),
			without(new Uint8Array(31).fill(1))
		]) {
			const error = await errorOf(() => ways.addPasskey(passkey, PASSWORD));
			expect(error).toMatchObject(refusal('invalid'));
		}
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('gets another name, or none that is empty or too long', async () => {
		const { world, device } = await enrolled();
		const { ways } = device.keyholder;
		const slot = device.keyholder.view().slots.find(({ kind }) => kind === 'passkey')?.id ?? '';
		expect(await ways.renamePasskey(slot, 'Laptop')).toMatchObject({ outcome: 'saved' });
		for (const name of ['', ' ', 'x'.repeat(101)]) {
			expect(await errorOf(() => ways.renamePasskey(slot, name))).toMatchObject(refusal('invalid'));
		}
		const view = await world.device().unlock();
		expect(view.slots.find(({ id }) => id === slot)?.name).toBe('Laptop');
	});

	test('is one of fourteen at most: no more are offered than slots may be listed', async () => {
		const world = new World();
		const device = await world.account();
		for (let count = 0; count < 14; count++) await add(device, new Authenticator(ORIGIN));
		const error = await errorOf(() => device.keyholder.ways.offerPasskey());
		expect(error).toMatchObject({ ...refusal('full'), detail: { size: 16, limit: 16 } });
	});
});

describe('a sign-in by passkey', () => {
	test('opens the account on a new device, with no email typed and no password', async () => {
		const { world, authenticator } = await enrolled();
		const device = world.device();
		expect(await touch(device, authenticator)).toEqual({ outcome: 'unlocked' });
		expect(device.keyholder.view()).toMatchObject({
			...{ email: '', unlockedBy: 'passkey', known: false }
		});
		expect(device.names).toEqual(['a']);
		await device.add('b');
		expect(device.derived).toEqual([]);
	});

	test('is compared with what this device saw, and raises its pins', async () => {
		const { device, authenticator } = await enrolled();
		device.keyholder.lock();
		expect(await touch(device, authenticator)).toEqual({ outcome: 'unlocked' });
		expect(device.keyholder.view().known).toBe(true);
	});

	test('needs no code of the second factor', async () => {
		const { world, authenticator } = await enrolled();
		world.stored().factor.on = true;
		expect(await touch(world.device(), authenticator)).toEqual({ outcome: 'unlocked' });
	});

	test('is not let in with a passkey that the server does not know', async () => {
		const { world, authenticator } = await enrolled();
		const elsewhere = new World().device();
		expect(await touch(elsewhere, authenticator)).toEqual({ outcome: 'wrong-password' });
		const other = new Authenticator('https://other.example.org');
		other.held.push(...authenticator.held);
		expect(await touch(world.device(), other)).toEqual({ outcome: 'wrong-password' });
	});

	test('is not let in unless the person was verified', async () => {
		const { world, authenticator } = await enrolled();
		authenticator.userVerified = false;
		expect(await touch(world.device(), authenticator)).toEqual({ outcome: 'wrong-password' });
	});

	test('takes each challenge once, and not one of before a lock', async () => {
		const { world, authenticator } = await enrolled();
		const device = world.device();
		const request = await device.keyholder.askPasskey();
		const answer = authenticator.touch(request);
		device.keyholder.lock();
		const error = await errorOf(() => device.keyholder.unlockWithPasskey(answer));
		expect(error).toMatchObject(refusal('locked'));
		expect(answer.prf.every((byte) => byte === 0)).toBe(true);
	});

	test('sends nothing of the PRF result, and overwrites it', async () => {
		const { world, authenticator } = await enrolled();
		const device = world.device();
		const answer = authenticator.touch(await device.keyholder.askPasskey());
		const prf = answer.prf.slice();
		await device.keyholder.unlockWithPasskey(answer);
		expect(found(device.wire.sent(), needlesOf('prf', prf))).toEqual([]);
		expect(answer.prf.every((byte) => byte === 0)).toBe(true);
		await world.expectSilent(device);
	});
});

describe('after a sign-in by passkey', () => {
	test('the email is known to be right or not, also once something was saved', async () => {
		const { world, authenticator } = await enrolled();
		const device = world.device();
		await touch(device, authenticator);
		await device.set({ theme: 'dark' });
		expect(await device.keyholder.typeEmail('eve@example.org')).toEqual({ outcome: 'other' });
		expect(await device.keyholder.typeEmail(EMAIL)).toEqual({ outcome: 'taken' });
	});

	test('the email is typed before the password can be asked for', async () => {
		const { world, authenticator } = await enrolled();
		const device = world.device();
		await touch(device, authenticator);
		const { keyholder } = device;
		expect(await errorOf(() => keyholder.prove(PASSWORD))).toMatchObject(refusal('no-email'));
		expect(await keyholder.typeEmail('eve@example.org')).toEqual({ outcome: 'other' });
		expect(await keyholder.typeEmail(' ADA@example.org')).toEqual({ outcome: 'taken' });
		expect(keyholder.view().email).toBe(EMAIL);
		expect(device.pins.emails.size).toBe(0);
		expect(await keyholder.prove('another password')).toEqual({ outcome: 'wrong-password' });
		expect(await keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
		expect(device.pins.emails.size).toBe(1);
		expect(await keyholder.readAll()).toHaveLength(1);
	});

	test('an email that means another account on this device is refused', async () => {
		const { world, authenticator } = await enrolled();
		const device = world.device();
		await device.keyholder.prepare('eve@example.org', PASSWORD);
		await device.keyholder.register();
		await touch(device, authenticator);
		const account = world.stored();
		device.keyholder.lock();
		account.email = 'eve@example.org';
		await touch(device, authenticator);
		const error = await errorOf(() => device.keyholder.typeEmail('eve@example.org'));
		expect(error).toMatchObject(refusal('rollback'));
	});
});
