import { describe, expect, test } from 'vitest';
import { SecondFactor } from '#lib/browser/security-factor.svelte.ts';
import { PasskeyToAdd } from '#lib/browser/security-passkey.svelte.ts';
import { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { RotationWork } from '#lib/browser/security-rotation.svelte.ts';
import { SessionList } from '#lib/browser/security-sessions.svelte.ts';
import { WaysIn } from '#lib/browser/security-ways.svelte.ts';
import { PasskeyDoor } from '#lib/browser/passkey.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

/** An authenticator that gives what it is told to. */
class FakeKey {
	readonly forgotten: string[] = [];
	prf: number[] | undefined = [7, 7];
	refuses: string | undefined;
	touches = 0;

	readonly door = new PasskeyDoor({
		credentials: {
			create: () => this.#answer(),
			get: () => this.#answer()
		},
		host: 'localhost',
		signalUnknown: ({ credentialId }) => {
			this.forgotten.push(credentialId);
			return Promise.resolve();
		},
		random: (length) => new Uint8Array(length)
	});

	#answer(): Promise<Credential> {
		this.touches++;
		if (this.refuses !== undefined) {
			return Promise.reject(Object.assign(new Error('refused'), { name: this.refuses }));
		}
		const { prf } = this;
		const first = prf && new Uint8Array(prf).buffer;
		const bytes = new Uint8Array([1]).buffer;
		const response = {
			attestationObject: bytes,
			authenticatorData: bytes,
			clientDataJSON: bytes,
			signature: bytes,
			userHandle: null
		};
		const extensions = prf === undefined ? {} : { prf: { enabled: true, results: { first } } };
		const made = {
			id: 'id',
			type: 'public-key',
			rawId: bytes,
			response,
			getClientExtensionResults: () => extensions
		};
		return Promise.resolve(made);
	}
}

async function open() {
	const world = new World();
	await world.unlock([rowOf('a'), rowOf('b')]);
	const { session } = world;
	const stepUp = new StepUp(session);
	const key = new FakeKey();
	return {
		world,
		stepUp,
		key,
		ways: new WaysIn(session, stepUp),
		passkey: new PasskeyToAdd(session, stepUp, key.door),
		rotation: new RotationWork(session, stepUp, key.door, () => world.clock.now()),
		factor: new SecondFactor(session, stepUp),
		sessions: new SessionList(session, stepUp)
	};
}

/** An account with a passkey in it. */
async function openWithPasskey() {
	const opened = await open();
	const { world } = opened;
	world.host.slots = [
		...world.host.slots,
		{ id: 'slot-passkey', kind: 'passkey', createdAtMs: 2, name: 'Laptop' }
	];
	await world.session.look();
	return opened;
}

describe('a password', () => {
	test('is changed, or refused with a reason', async () => {
		const { world, ways } = await open();
		expect(await ways.changePassword({ current: 'wrong', next: 'x' })).toBe('wrong-password');
		world.host.factor = { on: true, backupCodes: 10 };
		const change = { current: 'right', next: 'x' };
		expect(await ways.changePassword(change)).toBe('second-factor');
		expect(await ways.changePassword({ ...change, code: '123456' })).toBe('changed');
	});

	test('that fails to be changed says why', async () => {
		const { world, ways } = await open();
		world.fail('offline');
		expect(await ways.changePassword({ current: 'right', next: 'x' })).toBe('failed');
		expect(ways.fault?.code).toBe('offline');
	});
});

describe('a passkey', () => {
	test('is added after the password, the touch and a name', async () => {
		const { world, passkey } = await open();
		expect(await passkey.prove('right')).toBe('proved');
		expect(passkey.step).toBe('touch');
		expect(await passkey.touch()).toBe('made');
		expect(passkey.step).toBe('name');
		expect(await passkey.enrol('Laptop')).toBe('changed');
		expect(passkey.step).toBe('password');
		expect(world.session.view?.slots.map(({ name }) => name)).toContain('Laptop');
	});

	test('is not asked for before the password is right', async () => {
		const { key, passkey } = await open();
		expect(await passkey.prove('wrong')).toBe('wrong-password');
		expect(await passkey.touch()).toBe('cancelled');
		expect(key.touches).toBe(0);
	});

	test('without PRF is refused, told so, and nothing is enrolled', async () => {
		const { world, key, passkey } = await open();
		key.prf = undefined;
		await passkey.prove('right');
		expect(await passkey.touch()).toBe('failed');
		expect(passkey.fault?.code).toBe('no-prf');
		expect(key.forgotten).toHaveLength(1);
		expect(world.host.asked.some((call) => call.startsWith('addPasskey'))).toBe(false);
	});

	test('that is given up before its name is forgotten by the authenticator', async () => {
		const { key, passkey } = await open();
		await passkey.prove('right');
		await passkey.touch();
		passkey.giveUp();
		expect(key.forgotten).toHaveLength(1);
		expect(passkey.step).toBe('password');
	});

	test('that a lock interrupts is given up too', async () => {
		const { world, key, passkey } = await open();
		await passkey.prove('right');
		await passkey.touch();
		world.session.lock();
		expect(key.forgotten).toHaveLength(1);
	});

	test('is touched once more where the code was wrong and its result is with the worker', async () => {
		const { world, key, passkey } = await open();
		world.host.factor = { on: true, backupCodes: 10 };
		await passkey.prove('right');
		await passkey.touch();
		expect(await passkey.enrol('Laptop', '000000')).toBe('second-factor');
		expect(await passkey.enrol('Laptop', '123456')).toBe('changed');
		expect(key.touches).toBe(2);
	});

	test('says whether it is there already, or was not touched', async () => {
		const { key, passkey } = await open();
		await passkey.prove('right');
		key.refuses = 'InvalidStateError';
		expect(await passkey.touch()).toBe('there');
		key.refuses = 'NotAllowedError';
		expect(await passkey.touch()).toBe('cancelled');
		expect(passkey.step).toBe('touch');
	});
});

describe('a rotation', () => {
	test('names what is dropped, and keeps what is touched', async () => {
		const { rotation } = await openWithPasskey();
		expect(await rotation.begin({ password: 'right' })).toBe('planned');
		expect(rotation.plan?.dropped.map(({ name }) => name)).toEqual(['Laptop']);
		expect(await rotation.keep('slot-passkey')).toBe('kept');
		expect(rotation.plan?.dropped).toEqual([]);
	});

	test('keeps nothing that is not touched', async () => {
		const { key, rotation } = await openWithPasskey();
		await rotation.begin({ password: 'right' });
		key.refuses = 'NotAllowedError';
		expect(await rotation.keep('slot-passkey')).toBe('cancelled');
		expect(rotation.plan?.dropped).toHaveLength(1);
		expect(rotation.keeping).toBeUndefined();
	});

	test('does nothing before the person has agreed', async () => {
		const { world, rotation } = await open();
		await rotation.begin({ password: 'right' });
		expect(await rotation.rotate()).toBe('cancelled');
		expect(world.host.asked).not.toContain('rotate');
	});

	test('shows how far it is, and then the new ways in', async () => {
		const { world, rotation } = await openWithPasskey();
		await rotation.begin({ password: 'right' });
		rotation.agree();
		world.host.hold();
		const rotating = rotation.rotate();
		await settled();
		expect(rotation.stage).toBe('rotating');
		expect(rotation.progress).toEqual({ step: 'reading', done: 0, total: 2 });
		await world.host.release();
		expect(await rotating).toBe('rotated');
		expect(rotation.stage).toBe('done');
		expect(world.session.view?.slots.map(({ kind }) => kind)).not.toContain('passkey');
	});

	test('that another device came before can be asked for again', async () => {
		const { world, rotation } = await open();
		world.host.rotated = 'conflict';
		await rotation.begin({ password: 'right' });
		rotation.agree();
		expect(await rotation.rotate()).toBe('conflict');
		expect(rotation.conflict).toBe(true);
		world.host.rotated = 'rotated';
		expect(await rotation.rotate()).toBe('rotated');
		expect(rotation.conflict).toBe(false);
	});

	test('that fails can be asked for again, with the same kit', async () => {
		const { world, rotation } = await open();
		await rotation.begin({ password: 'right' });
		const kit = rotation.plan?.kit;
		rotation.agree();
		world.fail('offline');
		expect(await rotation.rotate()).toBe('failed');
		expect(rotation.fault?.code).toBe('offline');
		expect(rotation.plan?.kit).toBe(kit);
		world.host.fault = undefined;
		expect(await rotation.rotate()).toBe('rotated');
	});

	test('whose proof is over asks for the password once more', async () => {
		const { world, stepUp, rotation } = await open();
		await rotation.begin({ password: 'right' });
		rotation.agree();
		world.host.unproved = true;
		const rotating = rotation.rotate();
		await settled();
		expect(stepUp.asking).toBe(true);
		await stepUp.prove('right');
		expect(await rotating).toBe('rotated');
	});

	test('is forgotten by a lock, and dropped when the screen is left', async () => {
		const { world, rotation } = await open();
		await rotation.begin({ password: 'right' });
		rotation.drop();
		await settled();
		expect(world.host.asked).toContain('dropRotation');
		await rotation.begin({ password: 'right' });
		world.session.lock();
		expect(rotation.plan).toBeUndefined();
		expect(rotation.stage).toBe('none');
	});
});

describe('the second factor', () => {
	test('is turned on with a code, and its backup codes are shown until the screen is left', async () => {
		const { factor } = await open();
		await factor.load();
		expect(factor.on).toBe(false);
		expect(await factor.begin()).toBe('done');
		expect(await factor.turnOn('000000')).toBe('wrong-code');
		expect(factor.seed).toBeDefined();
		expect(await factor.turnOn('123456')).toBe('done');
		expect(factor.codes).toHaveLength(10);
		expect(factor.seed).toBeUndefined();
		factor.forget();
		expect(factor.codes).toBeUndefined();
		expect(factor.codesLeft).toBe(10);
	});

	test('is turned off with a code', async () => {
		const { world, factor } = await open();
		world.host.factor = { on: true, backupCodes: 4 };
		await factor.load();
		expect(await factor.turnOff('000000')).toBe('wrong-code');
		expect(factor.on).toBe(true);
		expect(await factor.turnOff('123456')).toBe('done');
		expect(factor.on).toBe(false);
	});

	test('is gone from the page at a lock', async () => {
		const { world, factor } = await open();
		await factor.load();
		await factor.begin();
		world.session.lock();
		expect(factor.seed).toBeUndefined();
		expect(factor.on).toBeUndefined();
	});
});

describe('sessions', () => {
	const others = ['one', 'two'].map((id) => ({
		id,
		client: 'web' as const,
		device: 'Firefox on Linux',
		createdAtMs: 1,
		usedAtMs: 2,
		current: false
	}));

	test('are ended one by one, or all others at once', async () => {
		const { world, sessions } = await open();
		world.host.listedSessions = [...world.host.listedSessions, ...others];
		await sessions.load();
		expect(sessions.others).toBe(2);
		expect(await sessions.end('one')).toBe('ended');
		expect(sessions.others).toBe(1);
		expect(await sessions.endOthers()).toBe('ended');
		expect(sessions.list?.map(({ current }) => current)).toEqual([true]);
	});

	test('are left alone if the person does not want to prove', async () => {
		const { world, stepUp, sessions } = await open();
		world.host.listedSessions = [...world.host.listedSessions, ...others];
		await sessions.load();
		world.host.unproved = true;
		const ending = sessions.endOthers();
		await settled();
		stepUp.cancel();
		expect(await ending).toBe('cancelled');
		expect(sessions.others).toBe(2);
		expect(sessions.ending).toBeUndefined();
	});
});
