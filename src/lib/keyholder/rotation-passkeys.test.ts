import { afterEach, describe, expect, test, vi } from 'vitest';
import { Reader } from '#lib/encoding/binary.ts';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import {
	EMAIL,
	NOW,
	ORIGIN,
	PASSWORD,
	valueOf,
	World,
	type Device
} from '../../../tests/hostile/harness.ts';
import { changing, type Members } from '../../../tests/hostile/moves.ts';
import { NEXT_PASSWORD, plan } from '../../../tests/hostile/rotating.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
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

	test('asks for the passkey that is to be kept, and for no other', async () => {
		const { device, ring } = await twoPasskeys();
		await plan(device);
		const request = await device.keyholder.rotations.askPasskey(idOf(device, 'key ring'));
		expect(request.allowed).toEqual(ring.held.map(({ id }) => new Uint8Array(id)));
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

	test('if it was not asked, or twice for one challenge: nothing is sent', async () => {
		const { device, ring } = await twoPasskeys();
		await plan(device);
		const id = idOf(device, 'key ring');
		const request = await device.keyholder.rotations.askPasskey(id);
		await device.keyholder.rotations.keepPasskey(id, ring.touch(request));
		const sent = device.wire.exchanges.length;
		const touched = ring.touch(request);
		const again = device.keyholder.rotations.keepPasskey(id, touched);
		await expect(again).rejects.toMatchObject(refusal('invalid'));
		expect(device.wire.exchanges).toHaveLength(sent);
		expect(touched.prf).toEqual(new Uint8Array(32));
	});

	test('without a result of the PRF, and may be touched again for the same challenge', async () => {
		const { device, ring } = await twoPasskeys();
		await plan(device);
		const id = idOf(device, 'key ring');
		const request = await device.keyholder.rotations.askPasskey(id);
		const sent = device.wire.exchanges.length;
		const blank = { ...ring.touch(request), prf: new Uint8Array(32) };
		const keep = device.keyholder.rotations.keepPasskey(id, blank);
		await expect(keep).rejects.toMatchObject(refusal('invalid'));
		expect(device.wire.exchanges).toHaveLength(sent);
		const kept = await device.keyholder.rotations.keepPasskey(id, ring.touch(request));
		expect(kept.dropped.map(({ name }) => name)).toEqual(['in the drawer']);
	});

	test.each<[string, Members, string]>([
		['of another account', { account: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'rollback'],
		['for another slot', { slot: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'integrity'],
		['for a kit', { kind: 2 }, 'format'],
		['with a profile', { profile: 1 }, 'kdf-refused'],
		['without end', { expiresAtMs: NOW + 4_000_000 }, 'clock']
	])('with a challenge %s', async (_, change, code) => {
		const { world, device } = await twoPasskeys();
		await plan(device);
		const id = idOf(device, 'key ring');
		device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, ...change }));
		await world.refused(device, code as 'clock', () => device.keyholder.rotations.askPasskey(id));
	});

	test('with the answer of another slot', async () => {
		const { world, device, ring } = await twoPasskeys();
		await plan(device);
		const [id, slot] = [idOf(device, 'key ring'), idOf(device, 'in the drawer')];
		const request = await device.keyholder.rotations.askPasskey(id);
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, slot }));
		const error = await world.refused(device, 'integrity', () =>
			device.keyholder.rotations.keepPasskey(id, ring.touch(request))
		);
		expect(error.message).toBe('wrap of another slot');
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
		const error = await world.refused(device, 'integrity', () =>
			device.keyholder.rotations.keepPasskey(id, ring.touch(request))
		);
		expect(error.message).toBe('another wrap than the listed one');
	});
});

describe('what a passkey is kept with', () => {
	afterEach(() => {
		vi.restoreAllMocks();
	});

	test.each([true, false])('is overwritten, whether it opens or not (%s)', async (opens) => {
		const { device, ring } = await twoPasskeys();
		await plan(device);
		const id = idOf(device, 'key ring');
		const touched = ring.touch(await device.keyholder.rotations.askPasskey(id));
		if (!opens) touched.prf.fill(7);
		const memory = new SecretMemory();
		const read = vi.spyOn(Reader.prototype, 'bytes');
		const kept = device.keyholder.rotations.keepPasskey(id, touched);
		await (opens ? kept : expect(kept).rejects.toMatchObject(refusal('invalid')));
		expect(memory.left()).toEqual([]);
		// What was read is the account key: it is opened to see that it is the same passkey.
		const keys = read.mock.results
			.map(({ value }) => value as Uint8Array)
			.filter(({ length }) => length === 32);
		expect(keys).toEqual(opens ? [new Uint8Array(32)] : []);
	});
});
