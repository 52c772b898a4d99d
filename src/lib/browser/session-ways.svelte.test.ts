/** The ways into an account besides the password alone: a code, a kit, a passkey, a restored state. */
import { describe, expect, test } from 'vitest';
import type { TouchOutcome } from '#lib/browser/passkey.ts';
import { Session } from '#lib/browser/session.svelte.ts';
import { FakeHost } from '../../../tests/browser/fake-host.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

const EMAIL = 'ada@example.org';

function answered(): Extract<TouchOutcome, { readonly outcome: 'touched' }>['answer'] {
	const bytes = () => new Uint8Array([1]);
	return {
		credential: bytes(),
		clientData: bytes(),
		authenticatorData: bytes(),
		signature: bytes(),
		prf: bytes()
	};
}

/** A session with an authenticator that does what it is told. */
function withPasskey(touch: () => Promise<TouchOutcome>) {
	const world = new World();
	const host = new FakeHost();
	const signals: (AbortSignal | undefined)[] = [];
	const session = new Session({
		clock: world.clock,
		memory: world.memory,
		startHost: () => host,
		passkeys: {
			touch: (_request, signal) => {
				signals.push(signal);
				return touch();
			}
		}
	});
	return { world, host, session, signals };
}

const touched = () => Promise.resolve({ outcome: 'touched', answer: answered() } as const);

async function waiting(): Promise<World> {
	const world = new World();
	world.session.warm();
	world.host.outcome = 'second-factor';
	await world.session.unlock(EMAIL, 'right');
	return world;
}

describe('a code of the second factor', () => {
	test('is waited for, and nothing is open meanwhile', async () => {
		const { session } = await waiting();
		expect(session.waitsForCode).toBe(true);
		expect(session.phase).toBe('locked');
		expect(session.view).toBeUndefined();
		expect(session.fault).toBeUndefined();
	});

	test('opens with the email that was typed before it', async () => {
		const { session, host, memory } = await waiting();
		expect(await session.unlockWithCode(host.code)).toBe('unlocked');
		expect(session.phase).toBe('unlocked');
		expect(session.waitsForCode).toBe(false);
		expect(memory.remembered).toBe(EMAIL);
	});

	test('may be wrong, and is waited for still', async () => {
		const { session } = await waiting();
		expect(await session.unlockWithCode('000000')).toBe('second-factor');
		expect(session.waitsForCode).toBe(true);
	});

	test('is waited for still after a lost connection', async () => {
		const world = await waiting();
		world.fail('offline');
		expect(await world.session.unlockWithCode('123456')).toBe('failed');
		expect(world.session.waitsForCode).toBe(true);
	});

	test('is not waited for any more once its time is over', async () => {
		const world = await waiting();
		world.fail('locked');
		expect(await world.session.unlockWithCode('123456')).toBe('failed');
		expect(world.session.waitsForCode).toBe(false);
	});

	test.each(['stop', 'lock'] as const)(
		'is not waited for after %s, and the worker ends',
		async (how) => {
			const { session, host } = await waiting();
			session[how]();
			await settled();
			expect(session.waitsForCode).toBe(false);
			expect(host.ended).toBe(true);
		}
	);

	test('takes no time that would count as deriving', async () => {
		const { session, host, memory } = await waiting();
		memory.seconds = [];
		await session.unlockWithCode(host.code);
		expect(memory.seconds).toEqual([]);
	});
});

describe('a recovery kit', () => {
	test('opens what is held, and shows nothing of it', async () => {
		const { session } = new World();
		let told = 0;
		session.onUnlock(() => told++);
		expect(await session.unlockWithKit(EMAIL, 'KH1-KIT', undefined)).toBe('unlocked');
		expect(session.phase).toBe('held');
		expect(session.view).toBeUndefined();
		expect(told).toBe(1);
		await expect(session.call((host) => host.view())).rejects.toMatchObject({
			fault: { code: 'locked' }
		});
	});

	test('holds it after a code too', async () => {
		const { session, ...world } = new World();
		session.warm();
		const host = world.hosts[0];
		if (host === undefined) throw new Error('no worker');
		host.outcome = 'second-factor';
		await session.unlockWithKit(EMAIL, 'KH1-KIT', undefined);
		expect(await session.unlockWithCode(host.code)).toBe('unlocked');
		expect(session.phase).toBe('held');
	});

	test('needs the link of a mail where the server says so', async () => {
		const world = new World();
		world.session.warm();
		world.host.outcome = 'link';
		expect(await world.session.unlockWithKit(EMAIL, 'KH1-KIT', undefined)).toBe('link');
		expect(world.session.phase).toBe('locked');
	});

	test('opens for use once it is revealed, with the email that was typed', async () => {
		const { session, memory } = new World();
		await session.unlockWithKit(EMAIL, 'KH1-KIT', undefined);
		await session.reveal();
		expect(session.phase).toBe('unlocked');
		expect(session.view?.email).toBe(EMAIL);
		expect(memory.remembered).toBe(EMAIL);
	});

	test('is held until a lock, which ends the worker', async () => {
		const world = new World();
		await world.session.unlockWithKit(EMAIL, 'KH1-KIT', undefined);
		world.session.lock('idle');
		await settled();
		expect(world.session.phase).toBe('locked');
		expect(world.host.ended).toBe(true);
	});
});

describe('a passkey', () => {
	test('opens in one touch, and what this device knows of the email stays', async () => {
		const { session, host, world } = withPasskey(touched);
		world.memory.remembered = EMAIL;
		const known = new Session({
			clock: world.clock,
			memory: world.memory,
			startHost: () => host,
			passkeys: { touch: touched }
		});
		expect(await known.unlockWithPasskey()).toBe('unlocked');
		expect(known.email).toBe(EMAIL);
		expect(host.asked).toContain(`typeEmail ${EMAIL}`);
		expect(session.phase).toBe('locked');
	});

	test('of an account whose email nobody typed here leaves none', async () => {
		const { session, host, world } = withPasskey(touched);
		host.email = '';
		expect(await session.unlockWithPasskey()).toBe('unlocked');
		expect(session.email).toBe('');
		expect(world.memory.remembered).toBe('');
		expect(host.asked.some((asked) => asked.startsWith('typeEmail'))).toBe(false);
	});

	test('that is not touched changes nothing', async () => {
		const { session, host } = withPasskey(() => Promise.resolve({ outcome: 'cancelled' }));
		expect(await session.unlockWithPasskey()).toBe('cancelled');
		expect(session.phase).toBe('locked');
		expect(session.fault).toBeUndefined();
		expect(host.asked).toEqual(['askPasskey']);
	});

	test('that the server does not take is unknown', async () => {
		const { session, host } = withPasskey(touched);
		host.outcome = 'wrong-password';
		expect(await session.unlockWithPasskey()).toBe('unknown');
		expect(session.phase).toBe('locked');
	});

	test('is waited for in a phase of its own; stopping gives the touch up', async () => {
		const { session, signals } = withPasskey(() => new Promise(() => undefined));
		void session.unlockWithPasskey();
		await settled();
		expect(session.phase).toBe('touching');
		session.stop();
		expect(session.phase).toBe('locked');
		expect(signals[0]?.aborted).toBe(true);
	});

	test('is not offered where the browser has none', async () => {
		const { session } = new World();
		expect(session.takesPasskeys).toBe(false);
		expect(await session.unlockWithPasskey()).toBe('cancelled');
	});
});

describe('a restored state', () => {
	test('is held when it was found', async () => {
		const { session, hosts } = new World();
		const looked = await session.lookAtRestore(EMAIL, 'right');
		expect(looked).toMatchObject({ outcome: 'found', state: { servedSeq: 3, pinnedSeq: 5 } });
		expect(session.phase).toBe('held');
		expect(hosts[0]?.asked).toEqual([`lookAtRestore ${EMAIL}`]);
	});

	test('is not found with another password', async () => {
		const { session } = new World();
		expect(await session.lookAtRestore(EMAIL, 'wrong')).toEqual({ outcome: 'wrong-password' });
		expect(session.phase).toBe('locked');
	});
});
