import { describe, expect, test } from 'vitest';
import type { Lent } from '#lib/keyholder/lent.ts';
import type { UnlockStep } from '#lib/keyholder/views.ts';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import type { Device } from '../../../tests/hostile/harness.ts';
import { EMAIL, errorOf, ORIGIN, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { changing, vaultPath } from '../../../tests/hostile/moves.ts';
import { copyOf } from '../../../tests/hostile/reference-records.ts';
import { rotate } from '../../../tests/hostile/rotating.ts';
import { refusal } from '../../../tests/refusals.ts';

async function lentBy(device: Device): Promise<Lent> {
	const lent = await device.keyholder.lending.lend();
	if (lent === undefined) throw new Error('nothing was lent');
	return lent;
}

describe('what is lent', () => {
	test('opens the account in another tab: nothing is derived, and nothing is proved', async () => {
		const { one, other } = await new World().tabs(['a']);
		const lent = structuredClone(await lentBy(one));
		expect(await other.keyholder.lending.resume(lent)).toEqual({ outcome: 'unlocked' });
		expect(other.names).toEqual(['a']);
		expect(await other.valueOf('a')).toMatch(/ a$/);
		expect(other.keyholder.view()).toMatchObject({ email: EMAIL, known: true });
		expect(other.derived).toEqual([]);
		const asked = other.wire.exchanges.map(({ path }) => path.split('?')[0]);
		expect(asked.filter((path) => path?.includes('/auth/'))).toEqual([]);
	});

	test('is held where no program can read it', async () => {
		const { one } = await new World().tabs(['a']);
		const { keys } = await lentBy(one);
		for (const key of Object.values(keys)) {
			expect(key).toBeInstanceOf(CryptoKey);
			expect(key.extractable).toBe(false);
			await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
		}
	});

	test('is good for everything that an unlocked tab does, lending on too', async () => {
		const { one, other } = await new World().tabs(['a']);
		await other.keyholder.lending.resume(await lentBy(one));
		await other.add('b');
		await other.set({ theme: 'dark' });
		expect((await other.keyholder.vaults.make('Second')).outcome).toBe('made');
		one.keyholder.lock();
		await one.keyholder.lending.resume(await lentBy(other));
		expect(one.keyholder.view().vaults).toHaveLength(2);
	});

	test('lets no proof be made of it: the password is asked for', async () => {
		const { one, other } = await new World().tabs(['a']);
		await one.keyholder.prove(PASSWORD);
		await other.keyholder.lending.resume(await lentBy(one));
		expect(await errorOf(() => other.keyholder.readAll())).toMatchObject(refusal('proof'));
		expect(await other.keyholder.prove(PASSWORD)).toEqual({ outcome: 'proved' });
		expect(await other.keyholder.readAll()).toHaveLength(1);
	});

	test('carries when it is to be forgotten', async () => {
		const { one } = await new World().tabs(['a']);
		expect((await lentBy(one)).autoLock).toStrictEqual({});
		await one.set({ autoLock: { idleMinutes: 2 } });
		expect((await lentBy(one)).autoLock).toStrictEqual({ idleMinutes: 2 });
		await one.set({ autoLock: { afterSleep: true } });
		expect((await lentBy(one)).autoLock).toStrictEqual({ afterSleep: true });
	});

	test('says nothing of locking where no settings were ever written', async () => {
		const device = new World().device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = (_, { path }) => (path.endsWith('/commits') ? 'nothing' : undefined);
		await device.keyholder.register();
		expect((await lentBy(device)).autoLock).toStrictEqual({});
	});

	test('asks for what came after the pin, and tells its steps', async () => {
		const { one, other } = await new World().tabs(['a']);
		const steps: UnlockStep[] = [];
		await other.keyholder.lending.resume(await lentBy(one), (step) => steps.push(step));
		expect(steps.slice(0, 2)).toEqual([{ step: 2 }, { step: 2, keys: 1 }]);
		expect(other.wire.exchanges[0]?.path).toBe('/api/v1/account?after=2');
	});

	test('has no email after a sign-in by passkey, and opens the account all the same', async () => {
		const { one, other } = await new World().tabs(['a']);
		const authenticator = new Authenticator(ORIGIN);
		const offer = await one.keyholder.ways.offerPasskey();
		await one.keyholder.ways.addPasskey({ ...authenticator.make(offer), name: 'Phone' }, PASSWORD);
		await one.keyholder.unlockWithPasskey(authenticator.touch(await one.keyholder.askPasskey()));
		const lent = await lentBy(one);
		expect(Object.keys(lent)).not.toContain('typed');
		expect(await other.keyholder.lending.resume(lent)).toEqual({ outcome: 'unlocked' });
		expect(other.keyholder.view().email).toBe('');
	});

	test('is nothing while locked', async () => {
		const { one } = await new World().tabs(['a']);
		one.keyholder.lock();
		expect(await errorOf(() => one.keyholder.lending.lend())).toMatchObject(refusal('locked'));
	});

	test('is nothing while the keys are to be replaced, after a recovery kit', async () => {
		const world = new World();
		const device = world.device();
		const { kit } = await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		expect(await device.keyholder.unlockWithKit(EMAIL, kit, undefined)).toEqual({
			outcome: 'unlocked'
		});
		expect(await device.keyholder.lending.lend()).toBeUndefined();
	});

	test('opens what other devices have written since', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		const lent = await lentBy(one);
		const elsewhere = world.device();
		await elsewhere.unlock();
		await elsewhere.add('b');
		await other.keyholder.lending.resume(lent);
		expect(other.names).toEqual(['a', 'b']);
	});

	test('is wiped in no other tab when one locks, and leaves nothing open in that one', async () => {
		const { one, other } = await new World().tabs(['a']);
		const lent = await lentBy(one);
		await other.keyholder.lending.resume(lent);
		other.keyholder.lock();
		expect(() => other.keyholder.view()).toThrow('locked');
		expect(one.names).toEqual(['a']);
		await one.add('b');
	});

	test('opens nothing more once the keys were replaced; what is lent then does', async () => {
		const { one, other } = await new World().tabs(['a']);
		const before = await lentBy(one);
		await rotate(one);
		expect(await other.keyholder.lending.resume(before)).toEqual({ outcome: 'stale' });
		expect(() => other.keyholder.view()).toThrow('locked');
		await other.keyholder.lending.resume(await lentBy(one));
		expect(other.names).toEqual(['a']);
	});
});

describe('a session of another account', () => {
	test('opens nothing by what was lent of the first one, and no pin moves', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		const lent = await lentBy(one);
		await one.keyholder.prepare('eve@example.org', PASSWORD);
		await one.keyholder.register();
		const pins = other.pins.snapshot();
		expect(await other.keyholder.lending.resume(lent)).toEqual({ outcome: 'stale' });
		expect(() => other.keyholder.view()).toThrow('locked');
		expect(other.pins.snapshot()).toBe(pins);
	});
});

describe('a session that has ended', () => {
	test('opens nothing, and no pin moves', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		const lent = await lentBy(one);
		world.server.endSessions();
		const pins = other.pins.snapshot();
		const error = await errorOf(() => other.keyholder.lending.resume(lent));
		expect(error).toMatchObject(refusal('auth'));
		expect(() => other.keyholder.view()).toThrow('locked');
		expect(other.pins.snapshot()).toBe(pins);
	});
});

describe('a device that remembers nothing of the account', () => {
	test('does not open it by what was lent: nothing is asked of the server', async () => {
		const world = new World();
		const { one } = await world.tabs(['a']);
		const other = world.device();
		const error = await errorOf(async () => other.keyholder.lending.resume(await lentBy(one)));
		expect(error).toMatchObject(refusal('pins-lost'));
		expect(other.wire.exchanges).toEqual([]);
	});
});

describe('a server that lies to a tab that opens by what was lent', () => {
	test('and serves the vault of before: refused as a rollback', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		const before = copyOf(world.stored());
		await one.add('b');
		const lent = await lentBy(one);
		world.putBack(before);
		other.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(other, 'rollback', () => other.keyholder.lending.resume(lent));
	});

	test('and serves another history: refused as a fork', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		const before = copyOf(world.stored());
		await one.add('b');
		const lent = await lentBy(one);
		world.putBack(before);
		const elsewhere = world.device();
		await elsewhere.unlock();
		await elsewhere.add('x', 'y');
		await elsewhere.add('z');
		other.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(other, 'fork', () => other.keyholder.lending.resume(lent));
	});

	test('and serves the account from before its keys were replaced: refused as a rollback', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		const before = copyOf(world.stored());
		await rotate(one);
		const lent = await lentBy(one);
		world.putBack(before);
		other.wire.tamper = changing('/account', (json) => json);
		await world.refused(other, 'rollback', () => other.keyholder.lending.resume(lent));
	});

	test('and answers with another account: opens nothing, as if it had been signed in to', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		await world.account(['theirs'], 'eve@example.org');
		const theirs = world.stored('eve@example.org').id;
		const lent = await lentBy(one);
		other.wire.tamper = changing('/account', (json) => ({ ...json, account: theirs }));
		const pins = other.pins.snapshot();
		expect(await other.keyholder.lending.resume(lent)).toEqual({ outcome: 'stale' });
		expect(() => other.keyholder.view()).toThrow('locked');
		expect(other.pins.snapshot()).toBe(pins);
		expect(other.wire.exchanges).toHaveLength(1);
	});

	test('and lists a slot more: refused', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		const lent = await lentBy(one);
		other.wire.tamper = changing('/account', (json) => {
			const slots = json['slots'] as unknown[];
			return { ...json, slots: [...slots, slots[0]] };
		});
		await world.refused(other, 'integrity', () => other.keyholder.lending.resume(lent));
	});

	test('is found out while other tabs stay as they were', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		const lent = await lentBy(one);
		other.wire.tamper = changing(vaultPath(world), (json) => ({ ...json, sheets: [] }));
		await world.refused(other, 'integrity', () => other.keyholder.lending.resume(lent));
		expect(await one.valueOf('a')).toMatch(/ a$/);
	});
});
