import { describe, expect, test, vi } from 'vitest';
import { argon2id } from '#lib/crypto/kdf.ts';
import type { UnlockStep } from '#lib/keyholder/views.ts';
import {
	EMAIL,
	errorOf,
	newKey,
	PASSWORD,
	World,
	type Device
} from '../../../tests/hostile/harness.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('unlock', () => {
	test('works with the real Argon2id', { timeout: 60_000 }, async () => {
		const world = new World();
		const device = world.device(undefined, { derive: argon2id });
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		device.keyholder.lock();
		expect(await device.keyholder.unlock(EMAIL, 'wrong')).toEqual({ outcome: 'wrong-password' });
		expect(await device.keyholder.unlock(EMAIL, PASSWORD)).toEqual({ outcome: 'unlocked' });
	});

	test('tells its steps in order, and how many keys it opens', async () => {
		const world = new World();
		await world.account(Array.from({ length: 70 }, (_, index) => `key ${String(index)}`));
		const steps: UnlockStep[] = [];
		await world.device().keyholder.unlock(EMAIL, PASSWORD, (step) => steps.push(step));
		// Two sheets, of 64 keys and of 6, in the order of their random ids.
		const between = steps.flatMap((step) => (step.step === 3 ? step.done : []))[1] ?? 0;
		expect([64, 6]).toContain(between);
		expect(steps).toEqual([
			{ step: 1 },
			{ step: 2 },
			{ step: 2, keys: 70 },
			{ step: 3, done: 0, total: 70 },
			{ step: 3, done: between, total: 70 },
			{ step: 3, done: 70, total: 70 }
		]);
	});

	test('inside a session asks for no second one', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		await device.unlock();
		const asked = device.wire.exchanges.findLast(({ path }) => path.endsWith('/auth/challenge'));
		expect(asked?.body).toContain('"purpose":8');
		expect(device.names).toEqual(['a']);
	});

	test('signs in by email where the session ends while it asks', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		device.wire.tamper = (_answer, { path }) => {
			if (!path.startsWith('/api/v1/account?')) return undefined;
			world.server.endSessions();
			device.wire.tamper = undefined;
			return undefined;
		};
		await device.unlock();
		const asked = device.wire.exchanges.findLast(({ path }) => path.endsWith('/auth/challenge'));
		expect(asked?.body).toContain('"purpose":1');
		expect(device.names).toEqual(['a']);
	});

	test('signs in by email where the session ends before the proof arrives', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		endingAtChallenge(world, device);
		await device.unlock();
		const asked = device.wire.exchanges.findLast(({ path }) => path.endsWith('/auth/challenge'));
		expect(asked?.body).toContain('"purpose":1');
		expect(device.derived).toHaveLength(2);
		expect(device.names).toEqual(['a']);
	});

	test('says that the password is wrong where the session ended and it is wrong', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		endingAtChallenge(world, device);
		expect(await device.keyholder.unlock(EMAIL, 'another password')).toEqual({
			outcome: 'wrong-password'
		});
	});

	test('of a wrong password inside a session proves once', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		const before = device.wire.exchanges.length;
		await device.keyholder.unlock(EMAIL, 'another password');
		const sent = device.wire.exchanges.slice(before).map(({ path }) => path);
		expect(sent.filter((path) => path.endsWith('/auth/verify'))).toHaveLength(1);
	});

	test('takes an email as it is typed, and shows it normalised', async () => {
		const world = new World();
		await world.account();
		const device = world.device();
		expect((await device.unlock('  ADA@example.org ')).email).toBe(EMAIL);
	});

	test('pins nothing for a wrong password', async () => {
		const world = new World();
		await world.account();
		const device = world.device();
		await device.keyholder.unlock(EMAIL, 'wrong');
		expect(device.pins.saves).toBe(0);
	});

	test.each(['', 'ada', 'a@b@c', 'a b@example.org'])('refuses %j for an email', async (email) => {
		const device = new World().device();
		expect(await errorOf(() => device.keyholder.unlock(email, PASSWORD))).toMatchObject(
			refusal('invalid')
		);
		expect(device.wire.exchanges).toEqual([]);
	});

	test('says offline when there is no answer, and works when there is', async () => {
		const world = new World();
		await world.account(['a']);
		const device = world.device();
		device.wire.tamper = () => 'nothing';
		expect(await errorOf(() => device.unlock())).toMatchObject(refusal('offline'));
		device.wire.tamper = undefined;
		await device.unlock();
		expect(device.names).toEqual(['a']);
	});
});

/** The session ends once the first challenge inside it was answered. */
function endingAtChallenge(world: World, device: Device): void {
	device.wire.tamper = (_answer, { path }) => {
		if (!path.endsWith('/auth/challenge')) return undefined;
		world.server.endSessions();
		device.wire.tamper = undefined;
		return undefined;
	};
}

describe('an account that is prepared', () => {
	test('is none where nothing was prepared, or it is registered already', async () => {
		const world = new World();
		const expected = { ...refusal('locked'), message: 'nothing is prepared' };
		expect(await errorOf(() => world.device().keyholder.register())).toMatchObject(expected);
		const device = await world.account();
		expect(await errorOf(() => device.keyholder.register())).toMatchObject(expected);
	});

	test('is asked for again where its answer was lost, and is this one', async () => {
		const device = new World().device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		device.wire.tamper = () => 'nothing';
		await errorOf(() => device.keyholder.register());
		device.wire.tamper = undefined;
		expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
	});

	test('waits on for its link where an answer was lost meanwhile', async () => {
		const world = new World();
		world.server.mail = true;
		const device = world.device();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		expect(await device.keyholder.register()).toEqual({ outcome: 'confirm' });
		device.wire.tamper = () => 'nothing';
		await errorOf(() => device.keyholder.register());
		device.wire.tamper = undefined;
		await device.keyholder.register();
		const sent = device.wire.requests().filter((each) => each === 'POST /api/v1/accounts');
		expect(sent).toHaveLength(1);
	});

	test('is forgotten by a lock, and its key is overwritten', async () => {
		const memory = new SecretMemory();
		try {
			const { keyholder } = new World().device();
			await keyholder.prepare(EMAIL, PASSWORD);
			expect(memory.left()).toHaveLength(1);
			keyholder.lock();
			expect(memory.left()).toEqual([]);
			expect(await errorOf(() => keyholder.register())).toMatchObject(refusal('locked'));
		} finally {
			vi.restoreAllMocks();
		}
	});
});

describe('what its owner does with whole vaults', () => {
	test('is loaded when it is asked for', async () => {
		const { keyholder } = await new World().account();
		expect(await keyholder.vaults.make('Second')).toMatchObject({ outcome: 'made' });
	});
});

describe('signing out', () => {
	test('locks, ends the session, and keeps the pins', async () => {
		const device = await new World().account(['a']);
		const pins = device.pins.snapshot();
		await device.keyholder.signOut();
		expect(() => device.keyholder.view()).toThrow('locked');
		expect(device.pins.snapshot()).toBe(pins);
		await device.unlock();
		const asked = device.wire.exchanges.findLast(({ path }) => path.endsWith('/auth/challenge'));
		expect(asked?.body).toContain('"purpose":1');
	});

	test('locks even if the server cannot be told', async () => {
		const device = await new World().account(['a']);
		device.wire.tamper = () => 'nothing';
		expect(await errorOf(() => device.keyholder.signOut())).toMatchObject(refusal('offline'));
		expect(() => device.keyholder.view()).toThrow('locked');
	});
});

describe('a session that has ended', () => {
	test('is told, and nothing is lost', async () => {
		const world = new World();
		const device = await world.account(['a']);
		world.server.endSessions();
		expect(await errorOf(() => device.keyholder.refresh())).toMatchObject(refusal('auth'));
		const edit = { kind: 'add', vault: device.vault.id, ...newKey('b') } as const;
		expect(await errorOf(() => device.keyholder.save([edit]))).toMatchObject(refusal('auth'));
		expect(device.names).toEqual(['a']);
		await device.unlock();
		await device.add('b');
		expect(device.names).toEqual(['a', 'b']);
	});
});

describe('forgetting an email on this device', () => {
	test('lets it mean another account', async () => {
		const world = new World();
		const device = await world.knownDevice();
		world.server.accounts.clear();
		await world.account(['b']);
		world.server.endSessions();
		expect(await errorOf(() => device.unlock())).toMatchObject(refusal('rollback'));
		await device.keyholder.forget(` ${EMAIL.toUpperCase()}`);
		await device.unlock();
		expect(device.names).toEqual(['b']);
	});
});
