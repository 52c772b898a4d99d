import { describe, expect, test } from 'vitest';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import {
	EMAIL,
	ORIGIN,
	PASSWORD,
	valueOf,
	World,
	type Device
} from '../../../tests/hostile/harness.ts';
import { changing } from '../../../tests/hostile/moves.ts';
import { NEXT_PASSWORD, plan } from '../../../tests/hostile/rotating.ts';
import { found, needlesOf } from '../../../tests/canary/needles.ts';
import { refusal } from '../../../tests/refusals.ts';

async function enrol(device: Device, name: string): Promise<Authenticator> {
	const authenticator = new Authenticator(ORIGIN);
	await device.keyholder.prove(PASSWORD);
	const made = authenticator.make(await device.keyholder.ways.offerPasskey());
	await device.keyholder.ways.addPasskey({ ...made, name }, PASSWORD);
	return authenticator;
}

async function twoPasskeys() {
	const world = new World();
	const device = await world.account(['a']);
	const ring = await enrol(device, 'key ring');
	const drawer = await enrol(device, 'in the drawer');
	return { world, device, ring, drawer };
}

function idOf(device: Device, name: string): string {
	const slot = device.keyholder.view().slots.find((each) => each.name === name);
	if (slot === undefined) throw new Error(`no passkey ${name}`);
	return slot.id;
}

async function keep(device: Device, name: string, authenticator: Authenticator) {
	const id = idOf(device, name);
	const request = await device.keyholder.rotations.askPasskey(id);
	return await device.keyholder.rotations.keepPasskey(id, authenticator.touch(request));
}

async function signIn(world: World, authenticator: Authenticator): Promise<string> {
	const device = world.device();
	const request = await device.keyholder.askPasskey();
	const { outcome } = await device.keyholder.unlockWithPasskey(authenticator.touch(request));
	if (outcome === 'unlocked') expect(await device.valueOf('a')).toBe(valueOf('a'));
	return outcome;
}

describe('a rotation of an account with passkeys', () => {
	test('names those that are dropped before the person agrees', async () => {
		const { device } = await twoPasskeys();
		const { dropped, kept } = await plan(device);
		expect(dropped.map(({ name }) => name).sort()).toEqual(['in the drawer', 'key ring']);
		expect(kept.map(({ kind }) => kind)).toEqual(['password']);
	});

	test('keeps the one that was touched, and drops the other with its name', async () => {
		const { world, device, ring, drawer } = await twoPasskeys();
		await plan(device);
		const { dropped, kept } = await keep(device, 'key ring', ring);
		expect(dropped.map(({ name }) => name)).toEqual(['in the drawer']);
		expect(kept.map(({ kind }) => kind).sort()).toEqual(['passkey', 'password']);
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		const { slots, settings } = device.keyholder.view();
		expect(slots.flatMap(({ name }) => name ?? [])).toEqual(['key ring']);
		expect(Object.values(settings.passkeys ?? {})).toEqual([{ name: 'key ring' }]);
		expect(await signIn(world, ring)).toBe('unlocked');
		expect(await signIn(world, drawer)).toBe('wrong-password');
	});

	test('keeps the same passkey through two rotations', async () => {
		const { world, device, ring } = await twoPasskeys();
		for (let times = 0; times < 2; times++) {
			await plan(device);
			await keep(device, 'key ring', ring);
			expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		}
		expect(await signIn(world, ring)).toBe('unlocked');
	});

	test('sends nothing of the PRF result, and overwrites it', async () => {
		const { device, ring } = await twoPasskeys();
		await plan(device);
		const id = idOf(device, 'key ring');
		const touched = ring.touch(await device.keyholder.rotations.askPasskey(id));
		const prf = touched.prf.slice();
		await device.keyholder.rotations.keepPasskey(id, touched);
		expect(touched.prf.every((byte) => byte === 0)).toBe(true);
		await device.keyholder.rotations.run();
		expect(found(device.wire.sent(), needlesOf('prf', prf))).toEqual([]);
	});

	test('begins from an account that a passkey unlocked, with the password', async () => {
		const { world, ring } = await twoPasskeys();
		const device = world.device();
		const request = await device.keyholder.askPasskey();
		await device.keyholder.unlockWithPasskey(ring.touch(request));
		const choice = { password: PASSWORD, nextPassword: NEXT_PASSWORD };
		await expect(device.keyholder.rotations.plan(choice)).rejects.toMatchObject(
			refusal('no-email')
		);
		await device.keyholder.typeEmail(EMAIL);
		await plan(device, choice);
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(device.keyholder.view().unlockedBy).toBe('password');
		expect(await signIn(world, ring)).toBe('wrong-password');
	});
});

describe('a passkey is not kept', () => {
	test('if another one was touched', async () => {
		const { device, drawer } = await twoPasskeys();
		await plan(device);
		const id = idOf(device, 'key ring');
		const request = await device.keyholder.rotations.askPasskey(id);
		const touched = drawer.touch({ ...request, allowed: [] });
		await expect(device.keyholder.rotations.keepPasskey(id, touched)).rejects.toMatchObject(
			refusal('invalid')
		);
	});

	test('if its authenticator gives another key than before', async () => {
		const { device, ring } = await twoPasskeys();
		await plan(device);
		const id = idOf(device, 'key ring');
		const touched = ring.touch(await device.keyholder.rotations.askPasskey(id));
		touched.prf.fill(7);
		await expect(device.keyholder.rotations.keepPasskey(id, touched)).rejects.toMatchObject(
			refusal('invalid')
		);
		await device.keyholder.refresh();
	});

	test('if its person was not verified', async () => {
		const { device, ring } = await twoPasskeys();
		await plan(device);
		ring.userVerified = false;
		await expect(keep(device, 'key ring', ring)).rejects.toMatchObject(refusal('invalid'));
	});

	test('if it was not asked, or twice for one challenge', async () => {
		const { device, ring } = await twoPasskeys();
		await plan(device);
		const id = idOf(device, 'key ring');
		const request = await device.keyholder.rotations.askPasskey(id);
		await device.keyholder.rotations.keepPasskey(id, ring.touch(request));
		const again = device.keyholder.rotations.keepPasskey(id, ring.touch(request));
		await expect(again).rejects.toMatchObject(refusal('invalid'));
	});

	test('if there is none of that id, or nothing is planned', async () => {
		const { device } = await twoPasskeys();
		const id = idOf(device, 'key ring');
		const { rotations } = device.keyholder;
		await expect(rotations.askPasskey(id)).rejects.toMatchObject(refusal('locked'));
		await plan(device);
		const password = device.keyholder.view().slots.find(({ kind }) => kind === 'password');
		for (const other of ['AAECAwQFBgcICQoLDA0ODw', password?.id ?? '']) {
			await expect(rotations.askPasskey(other)).rejects.toMatchObject(refusal('gone'));
		}
	});

	test('for a wrap that the manifest does not list', async () => {
		const { world, device, ring } = await twoPasskeys();
		await plan(device);
		const id = idOf(device, 'key ring');
		const request = await device.keyholder.rotations.askPasskey(id);
		const { wrap } = world.stored().slots[0] ?? {};
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, wrap }));
		await world.refused(device, 'integrity', () =>
			device.keyholder.rotations.keepPasskey(id, ring.touch(request))
		);
	});
});
