import { describe, expect, test } from 'vitest';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import {
	type Device,
	EMAIL,
	errorOf,
	NOW,
	ORIGIN,
	PASSWORD,
	World
} from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

const NEXT = 'another staple than before';

describe('a new password', () => {
	test('opens the account, and the one before does not', async () => {
		const world = new World();
		const device = await world.account(['a']);
		expect(await device.keyholder.ways.changePassword(PASSWORD, NEXT)).toEqual({
			outcome: 'changed'
		});
		expect(await world.device().keyholder.unlock(EMAIL, PASSWORD)).toEqual({
			outcome: 'wrong-password'
		});
		const other = world.device();
		await other.unlock(EMAIL, NEXT);
		expect(other.names).toEqual(['a']);
	});

	test('keeps id and account key of its slot, draws another salt, and raises the revision', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const [before] = world.stored().slots;
		await device.keyholder.ways.changePassword(PASSWORD, NEXT);
		const after = world.stored().slots.find(({ kind }) => kind === 1);
		expect(after).toMatchObject({ id: before?.id, revision: 2 });
		expect(after?.['salt']).not.toBe(before?.['salt']);
		expect(world.stored().generation).toBe(1);
	});

	test('is as old as its slot says; the same one wrapped anew stays as old as it was', async () => {
		let now = NOW;
		const world = new World();
		const device = world.device(undefined, { now: () => now });
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		const { ways } = device.keyholder;
		const since = () =>
			device.keyholder.view().slots.find(({ kind }) => kind === 'password')?.createdAtMs;
		now += 1_000;
		await ways.changeEmail('ada@lovelace.example', PASSWORD);
		expect(since()).toBe(NOW);
		await ways.changePassword(PASSWORD, NEXT);
		expect(since()).toBe(NOW + 1_000);
	});

	test('leaves this device open, and it goes on with the new one', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const { keyholder } = device;
		await keyholder.ways.changePassword(PASSWORD, NEXT);
		await device.add('b');
		expect(await keyholder.prove(PASSWORD)).toEqual({ outcome: 'wrong-password' });
		expect(await keyholder.prove(NEXT)).toEqual({ outcome: 'proved' });
		expect(await keyholder.readAll()).toHaveLength(1);
		expect(await keyholder.ways.changePassword(NEXT, PASSWORD)).toEqual({ outcome: 'changed' });
		keyholder.lock();
		await device.unlock();
		expect(device.names).toEqual(['a', 'b']);
	});

	test('ends what the one before had proved', async () => {
		const device = await new World().account(['a']);
		await device.keyholder.prove(PASSWORD);
		await device.keyholder.ways.changePassword(PASSWORD, NEXT);
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject(refusal('proof'));
	});

	test('ends the sessions of other devices', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const other = world.device();
		await other.unlock();
		await device.keyholder.ways.changePassword(PASSWORD, NEXT);
		expect(await errorOf(() => other.keyholder.refresh())).toMatchObject(refusal('auth'));
	});

	test('is no alarm for another tab of the same browser, whose session goes on', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const tab = world.device(device.pins);
		const fetch = world.server.device();
		const [one, two] = [world.device(device.pins, { fetch }), world.device(device.pins, { fetch })];
		await tab.unlock();
		await one.unlock();
		await two.unlock();
		await one.keyholder.ways.changePassword(PASSWORD, NEXT);
		await two.keyholder.refresh();
		expect(await two.keyholder.prove(NEXT)).toEqual({ outcome: 'proved' });
		await two.add('b');
	});

	test('needs the one of now, with nothing sent for a wrong one', async () => {
		const device = await new World().account();
		const sent = device.wire.exchanges.length;
		expect(await device.keyholder.ways.changePassword('wrong', NEXT)).toEqual({
			outcome: 'wrong-password'
		});
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test.each(['short', 'x'.repeat(1_025), '\ud800'.repeat(12)])(
		'is refused if it may not be set: %j',
		async (next) => {
			const device = await new World().account();
			const change = () => device.keyholder.ways.changePassword(PASSWORD, next);
			expect(await errorOf(change)).toMatchObject(refusal('invalid'));
		}
	);

	test('needs the second factor where there is one', async () => {
		const world = new World();
		const { ways } = (await world.account()).keyholder;
		const { factor } = world.stored();
		factor.on = true;
		factor.codes.add('123456');
		expect(await ways.changePassword(PASSWORD, NEXT)).toEqual({ outcome: 'second-factor' });
		expect(await ways.changePassword(PASSWORD, NEXT, '000000')).toEqual({
			outcome: 'second-factor'
		});
		expect(await ways.changePassword(PASSWORD, NEXT, 'no code')).toEqual({
			outcome: 'second-factor'
		});
		expect(await ways.changePassword(PASSWORD, NEXT, '123456')).toEqual({ outcome: 'changed' });
	});

	test('is found to be written when the answer was lost', async () => {
		const world = new World();
		const device = await world.account(['a']);
		let lost = 0;
		device.wire.tamper = (_answer, { path }) =>
			path.endsWith('/account/commits') && lost++ === 0 ? 'nothing' : undefined;
		expect(await device.keyholder.ways.changePassword(PASSWORD, NEXT)).toEqual({
			outcome: 'changed'
		});
		expect(world.stored().slots.find(({ kind }) => kind === 1)?.revision).toBe(2);
		await world.device().unlock(EMAIL, NEXT);
	});

	test('is applied to what another device has written meanwhile', async () => {
		const world = new World();
		const fetch = world.server.device();
		const writer = await world.account(['a']);
		const device = world.device(writer.pins, { fetch });
		await device.unlock();
		await writer.set({ theme: 'dark' });
		expect(await device.keyholder.ways.changePassword(PASSWORD, NEXT)).toEqual({
			outcome: 'changed'
		});
		expect(device.keyholder.view().settings.theme).toBe('dark');
	});

	test('leaves a passkey as it is', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const authenticator = new Authenticator(ORIGIN);
		const { ways } = device.keyholder;
		const passkey = { ...authenticator.make(await ways.offerPasskey()), name: 'Phone' };
		await ways.addPasskey(passkey, PASSWORD);
		await ways.changePassword(PASSWORD, NEXT);
		const other = world.device();
		const touched = authenticator.touch(await other.keyholder.askPasskey());
		expect(await other.keyholder.unlockWithPasskey(touched)).toEqual({ outcome: 'unlocked' });
		expect(other.names).toEqual(['a']);
	});
});

/** The password's slot, as the server stores it. */
function passwordOf(world: World) {
	return world.stored().slots.find(({ kind }) => kind === 1);
}

describe('a default profile that has risen', () => {
	test('is taken up at the next unlock, behind the back of the person', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const later = world.device(device.pins, { defaultProfile: 2 });
		await later.unlock();
		await later.keyholder.refresh();
		const slot = world.stored().slots.find(({ kind }) => kind === 1);
		expect(slot).toMatchObject({ profile: 2, revision: 2 });
		expect(later.derived).toHaveLength(2);
		expect(later.keyholder.view().slots.find(({ kind }) => kind === 'password')?.profile).toBe(2);
		later.keyholder.lock();
		await later.unlock();
		expect(later.names).toEqual(['a']);
	});

	test('is taken up after a code of the second factor', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const { factor } = world.stored();
		factor.on = true;
		factor.codes.add('123456');
		const later = world.device(device.pins, { defaultProfile: 2 });
		expect(await later.keyholder.unlock(EMAIL, PASSWORD)).toEqual({ outcome: 'second-factor' });
		expect(await later.keyholder.unlockWithCode('123456')).toEqual({ outcome: 'unlocked' });
		await later.keyholder.refresh();
		expect(passwordOf(world)).toMatchObject({ profile: 2, revision: 2 });
		expect(later.names).toEqual(['a']);
	});

	describe('after an unlock by passkey', () => {
		/** Opened by a touch, so that no password was entered yet. */
		async function touched(): Promise<{ world: World; later: Device }> {
			const world = new World();
			const device = await world.account(['a']);
			const authenticator = new Authenticator(ORIGIN);
			const { ways } = device.keyholder;
			const passkey = { ...authenticator.make(await ways.offerPasskey()), name: 'Phone' };
			await ways.addPasskey(passkey, PASSWORD);
			const later = world.device(device.pins, { defaultProfile: 2 });
			const { keyholder } = later;
			await keyholder.unlockWithPasskey(authenticator.touch(await keyholder.askPasskey()));
			expect(await keyholder.typeEmail(EMAIL)).toEqual({ outcome: 'taken' });
			expect(passwordOf(world)).toMatchObject({ profile: 1, revision: 1 });
			return { world, later };
		}

		test('is taken up at the next step-up, whose proof holds on', async () => {
			const { world, later } = await touched();
			expect(await later.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
			expect(await later.keyholder.readAll()).toHaveLength(1);
			expect(passwordOf(world)).toMatchObject({ profile: 2, revision: 2 });
			await world.device().unlock();
		});

		test('is left by a wrong password', async () => {
			const { world, later } = await touched();
			const sent = later.wire.exchanges.length;
			expect(await later.keyholder.prove('wrong')).toEqual({ outcome: 'wrong-password' });
			expect(later.wire.exchanges).toHaveLength(sent);
			expect(passwordOf(world)).toMatchObject({ profile: 1, revision: 1 });
		});

		test('is left where a code would be needed, and none is asked for or counted', async () => {
			const { world, later } = await touched();
			world.stored().factor.on = true;
			const asked = later.wire.exchanges.length;
			expect(await later.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
			await later.keyholder.refresh();
			expect(passwordOf(world)).toMatchObject({ profile: 1, revision: 1 });
			const paths = later.wire.exchanges.slice(asked).map(({ path }) => path);
			expect(paths.filter((path) => path.includes('/auth/'))).toEqual([]);
			expect(await later.keyholder.readAll()).toHaveLength(1);
		});

		test('is left for the next step-up if the server is away, and the proof is good', async () => {
			const { world, later } = await touched();
			later.wire.tamper = (_answer, { path }) =>
				path.endsWith('/second-factor') ? 'nothing' : undefined;
			expect(await later.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
			expect(await later.keyholder.readAll()).toHaveLength(1);
			expect(passwordOf(world)).toMatchObject({ profile: 1, revision: 1 });
			later.wire.tamper = undefined;
			expect(await later.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
			await later.keyholder.refresh();
			expect(passwordOf(world)).toMatchObject({ profile: 2, revision: 2 });
		});

		test('waits for a rotation that is planned, so that a step-up does not undo the plan', async () => {
			const { world, later } = await touched();
			await later.keyholder.rotations.plan({ password: PASSWORD });
			expect(await later.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
			expect(await later.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
			expect(passwordOf(world)).toMatchObject({ profile: 2, revision: 2 });
		});

		test('is taken up by a rotation', async () => {
			const { world, later } = await touched();
			const { rotations } = later.keyholder;
			expect(await rotations.plan({ password: PASSWORD })).toMatchObject({ outcome: 'planned' });
			expect(await rotations.run()).toEqual({ outcome: 'rotated' });
			expect(passwordOf(world)).toMatchObject({ profile: 2, revision: 2 });
			await world.device().unlock();
		});
	});

	test('is demanded from then on: a slot below it is refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const later = world.device(device.pins, { defaultProfile: 2 });
		await later.unlock();
		await later.keyholder.refresh();
		const slot = world.stored().slots.find(({ kind }) => kind === 1);
		world.stored().slots = [
			...world.stored().slots.filter(({ kind }) => kind !== 1),
			{ ...slot, profile: 1 } as NonNullable<typeof slot>
		];
		later.keyholder.lock();
		world.server.endSessions();
		expect(await errorOf(() => later.unlock())).toMatchObject(refusal('kdf-refused'));
	});

	test('is left for the next time if it cannot be written', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const later = world.device(device.pins, { defaultProfile: 2 });
		later.wire.tamper = (_answer, { path }) =>
			path.endsWith('/account/commits') ? 'nothing' : undefined;
		await later.unlock();
		await later.keyholder.refresh();
		expect(later.names).toEqual(['a']);
	});

	test('never makes a profile fall', async () => {
		const world = new World();
		const strong = world.device(undefined, { defaultProfile: 2 });
		await strong.keyholder.prepare(EMAIL, PASSWORD);
		await strong.keyholder.register();
		expect(world.stored().slots[0]?.['profile']).toBe(2);
		const device = world.device(undefined, { defaultProfile: 1 });
		await device.unlock();
		await device.keyholder.ways.changePassword(PASSWORD, NEXT);
		expect(world.stored().slots.find(({ kind }) => kind === 1)?.['profile']).toBe(2);
	});
});

describe('another email', () => {
	const NEW_EMAIL = 'ada@lovelace.example';

	test('signs in from then on, with the same password', async () => {
		const world = new World();
		const device = await world.account(['a']);
		expect(await device.keyholder.ways.changeEmail(NEW_EMAIL, PASSWORD)).toEqual({
			outcome: 'changed'
		});
		expect(device.keyholder.view().email).toBe(NEW_EMAIL);
		expect(await world.device().keyholder.unlock(EMAIL, PASSWORD)).toEqual({
			outcome: 'wrong-password'
		});
		const other = world.device();
		await other.unlock(NEW_EMAIL);
		expect(other.names).toEqual(['a']);
		expect(await device.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
	});

	test('takes the place of the one before in the pins, whatever it meant here', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = [...device.pins.emails.keys()];
		await device.keyholder.ways.changeEmail(NEW_EMAIL, PASSWORD);
		expect(device.pins.emails.size).toBe(1);
		expect([...device.pins.emails.keys()]).not.toEqual(before);
		device.keyholder.lock();
		expect((await device.unlock(NEW_EMAIL)).known).toBe(true);
	});

	test('waits until both addresses are confirmed, where the server sends mail', async () => {
		const world = new World();
		const device = await world.account(['a']);
		world.server.mail = true;
		const { ways, affairs } = device.keyholder;
		const change = () => ways.changeEmail(NEW_EMAIL, PASSWORD);
		expect(await errorOf(change)).toMatchObject(refusal('link'));
		await device.keyholder.prove(PASSWORD);
		const waiting = {
			state: 'waiting',
			email: NEW_EMAIL,
			oldConfirmed: false,
			newConfirmed: false
		};
		expect(await affairs.askEmailChange(NEW_EMAIL)).toEqual(waiting);
		expect(await errorOf(change)).toMatchObject(refusal('link'));
		world.stored().emailChange = { ...waiting, oldConfirmed: true, newConfirmed: true };
		expect(await change()).toEqual({ outcome: 'changed' });
		expect(await affairs.emailChange()).toEqual({ state: 'none' });
	});
});
