import { describe, expect, test } from 'vitest';
import { KeyReplacement } from '#lib/browser/session-replacement.svelte.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

const EMAIL = 'ada@example.org';
const NOW = 1_700_000_000_000;

/** An account that is held by its kit, with two passkeys. */
async function held(touch: 'touched' | 'cancelled' = 'touched') {
	const world = new World();
	world.rows = [rowOf('Alpha')];
	world.session.warm();
	const { host, session } = world;
	host.slots = [
		...host.slots,
		{ id: 'slot-one', kind: 'passkey', createdAtMs: 1, name: 'One' },
		{ id: 'slot-two', kind: 'passkey', createdAtMs: 2, name: 'Two' }
	];
	await session.unlockWithKit(EMAIL, 'KH1-KIT', undefined);
	const bytes = () => new Uint8Array([1]);
	const answer = {
		credential: bytes(),
		clientData: bytes(),
		authenticatorData: bytes(),
		signature: bytes(),
		prf: bytes()
	};
	const passkeys = {
		touch: () =>
			Promise.resolve(
				touch === 'touched' ? { outcome: touch, answer } : ({ outcome: touch } as const)
			)
	};
	const replacement = new KeyReplacement(session, passkeys, () => NOW);
	return { world, host, session, replacement };
}

describe('begin', () => {
	test('makes the new kit and names what would go, and writes nothing', async () => {
		const { host, replacement } = await held();
		expect(await replacement.begin({ nextPassword: 'next' })).toBe('planned');
		expect(replacement.plan?.kit).toMatch(/^KH1-/);
		expect(replacement.plan?.dropped.map(({ name }) => name)).toEqual(['One', 'Two']);
		expect(replacement.madeAtMs).toBe(NOW);
		expect(host.asked).not.toContain('rotate');
	});

	test('answers another password', async () => {
		const { replacement } = await held();
		expect(await replacement.begin({ password: 'wrong' })).toBe('wrong-password');
		expect(replacement.plan).toBeUndefined();
	});

	test('says what failed', async () => {
		const { world, replacement } = await held();
		world.fail('proof');
		expect(await replacement.begin({ nextPassword: 'next' })).toBe('failed');
		expect(replacement.fault).toEqual({ code: 'proof' });
		expect(replacement.busy).toBe(false);
	});
});

describe('keep', () => {
	test('takes a touched passkey over into the plan', async () => {
		const { replacement } = await held();
		await replacement.begin({ nextPassword: 'next' });
		expect(await replacement.keep('slot-two')).toBe('kept');
		expect(replacement.plan?.dropped.map(({ name }) => name)).toEqual(['One']);
	});

	test('leaves the plan as it is without a touch', async () => {
		const { host, replacement } = await held('cancelled');
		await replacement.begin({ nextPassword: 'next' });
		expect(await replacement.keep('slot-two')).toBe('cancelled');
		expect(replacement.plan?.dropped).toHaveLength(2);
		expect(host.asked).not.toContain('keepPasskey slot-two');
	});
});

describe('rotate', () => {
	test('shows how far it is, and the account once it is done', async () => {
		const { host, session, replacement } = await held();
		await replacement.begin({ nextPassword: 'next' });
		host.hold();
		const rotating = replacement.rotate();
		await settled();
		expect(replacement.progress).toEqual({ step: 'reading', done: 0, total: 1 });
		expect(session.phase).toBe('held');
		await host.release();
		expect(await rotating).toBe('done');
		expect(replacement.progress).toBeUndefined();
		expect(session.phase).toBe('unlocked');
		expect(session.view?.unlockedBy).toBe('password');
	});

	test('stays held after a conflict and after a fault, and may be asked for again', async () => {
		const { world, host, session, replacement } = await held();
		await replacement.begin({ nextPassword: 'next' });
		host.rotated = 'conflict';
		expect(await replacement.rotate()).toBe('conflict');
		world.fail('offline');
		expect(await replacement.rotate()).toBe('failed');
		expect(replacement.fault).toEqual({ code: 'offline' });
		expect(session.phase).toBe('held');
		host.fault = undefined;
		host.rotated = 'rotated';
		expect(await replacement.rotate()).toBe('done');
	});

	test('that is locked meanwhile shows nothing', async () => {
		const { host, session, replacement } = await held();
		await replacement.begin({ nextPassword: 'next' });
		host.hold();
		const rotating = replacement.rotate();
		await settled();
		session.lock('idle');
		await host.release();
		expect(await rotating).toBe('failed');
		expect(session.phase).toBe('locked');
		expect(session.view).toBeUndefined();
	});
});

describe('accept', () => {
	test('opens what was restored', async () => {
		const { session } = new World();
		await session.lookAtRestore(EMAIL, 'right');
		const replacement = new KeyReplacement(session, undefined, () => NOW);
		expect(await replacement.accept()).toBe('done');
		expect(session.phase).toBe('unlocked');
	});

	test('says that another device has written', async () => {
		const world = new World();
		await world.session.lookAtRestore(EMAIL, 'right');
		world.host.saved = 'conflict';
		const replacement = new KeyReplacement(world.session, undefined, () => NOW);
		expect(await replacement.accept()).toBe('conflict');
		expect(world.session.phase).toBe('held');
	});
});
