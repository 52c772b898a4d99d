import { afterEach, describe, expect, test, vi } from 'vitest';
import { emailHash } from '#lib/keyholder/pins.ts';
import { beginByPassword, SignIn } from '#lib/keyholder/sign-in.ts';
import { readEmail, readTyped } from '#lib/keyholder/typed.ts';
import type { UnlockStep } from '#lib/keyholder/views.ts';
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
import { changing } from '../../../tests/hostile/moves.ts';
import { copyOf } from '../../../tests/hostile/reference-records.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { refusal } from '../../../tests/refusals.ts';

const nobody = () => undefined;
const CODE = '123456';

afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

/** A new device of somebody whose account asks for a code. */
async function waiting(): Promise<{ world: World; device: Device }> {
	const world = new World();
	await world.account();
	world.asksForCode(CODE);
	const device = world.device();
	expect(await device.keyholder.unlock(EMAIL, PASSWORD)).toEqual({ outcome: 'second-factor' });
	return { world, device };
}

/** An account with a kit and a passkey, and a device that has opened it by the passkey alone. */
async function byPasskey() {
	const world = new World();
	const first = world.device();
	const { kit } = await first.keyholder.prepare(EMAIL, PASSWORD);
	await first.keyholder.register();
	const before = copyOf(world.stored());
	const authenticator = new Authenticator(ORIGIN);
	const offer = await first.keyholder.ways.offerPasskey();
	const passkey = { ...authenticator.make(offer), name: 'Phone' };
	await first.keyholder.ways.addPasskey(passkey, PASSWORD);
	const device = world.device();
	const request = await device.keyholder.askPasskey();
	await device.keyholder.unlockWithPasskey(authenticator.touch(request));
	device.keyholder.lock();
	return { world, device, kit, before };
}

describe('a sign-in', () => {
	test('tells its steps', async () => {
		const world = new World();
		const device = await world.knownDevice();
		const steps: UnlockStep[] = [];
		await device.keyholder.unlock(EMAIL, PASSWORD, (step) => steps.push(step));
		expect(steps.slice(0, 3)).toEqual([{ step: 1 }, { step: 2 }, { step: 2, keys: 0 }]);
	});

	test('inside a session asks for the account once, and proves once', async () => {
		const device = await new World().account();
		device.keyholder.lock();
		const before = device.wire.exchanges.length;
		await device.unlock();
		const requests = device.wire.requests().slice(before);
		const isVault = (request: string) => request.startsWith('GET /api/v1/vaults/');
		expect(requests.filter((each) => !isVault(each))).toEqual([
			'GET /api/v1/account',
			'POST /api/v1/auth/challenge',
			'POST /api/v1/auth/verify'
		]);
		expect(requests.filter(isVault)).toHaveLength(1);
	});

	test.each([
		['by password', ({ device }: Entering) => device.unlock()],
		['by kit', ({ device, kit }: Entering) => device.keyholder.unlockWithKit(EMAIL, kit, undefined)]
	])('%s remembers the account of the email, and what its password costs', async (_, enter) => {
		const world = new World();
		const first = world.device();
		const { kit } = await first.keyholder.prepare(EMAIL, PASSWORD);
		await first.keyholder.register();
		const device = world.device();
		await enter({ device, kit });
		const pin = { account: world.stored().id, profile: 1 };
		expect([...device.pins.emails]).toEqual([[await emailHash(EMAIL), pin]]);
	});

	test.each([
		['by password', ({ device }: Entering) => device.unlock()],
		['by kit', ({ device, kit }: Entering) => device.keyholder.unlockWithKit(EMAIL, kit, undefined)]
	])('%s is held to an account that a passkey opened here', async (_, enter) => {
		const { world, device, kit, before } = await byPasskey();
		await enter({ device, kit });
		expect(device.keyholder.view().known).toBe(true);
		world.putBack(before);
		device.keyholder.lock();
		device.pins.emails.clear();
		world.server.endSessions();
		expect(await errorOf(() => enter({ device, kit }))).toMatchObject(refusal('rollback'));
	});

	test.each<[string, object]>([
		['account', { account: 'A'.repeat(22) }],
		['slot', { slot: 'A'.repeat(22) }],
		['profile', { profile: 2 }],
		['salt', { salt: 'A'.repeat(22) }]
	])('is not asked to prove itself to another %s than before', async (name, other) => {
		const { device } = await waiting();
		device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, ...other }));
		const error = await errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(error).toMatchObject({
			...refusal('integrity'),
			message: `another ${name} than before`
		});
		expect(device.wire.requests().at(-1)).toBe('POST /api/v1/auth/challenge');
	});
});

interface Entering {
	readonly device: Device;
	readonly kit: string;
}

describe('what was typed', () => {
	test('is gone where nothing was derived from it: a password', async () => {
		const typed = readTyped(EMAIL, PASSWORD);
		const { link } = scriptedLink([]);
		const error = await errorOf(() => beginByPassword(link, typed, nobody));
		expect(error).toMatchObject(refusal('offline'));
		expect(typed.password.every((byte) => byte === 0)).toBe(true);
	});
});

describe('keys that wait', () => {
	function signIn(): SignIn {
		const { link } = scriptedLink([]);
		const bytes = new Uint8Array(32);
		const signing = { publicKey: bytes, sign: () => Promise.resolve(bytes) };
		const slot = { id: 'A'.repeat(22), kind: 1, profile: 1, salt: bytes } as const;
		const reply = {
			...{ account: slot.id, slot: slot.id, kind: 1, profile: 1, salt: bytes },
			...{ challenge: bytes, expiresAtMs: NOW, token: bytes }
		};
		return new SignIn(link, {
			account: slot.id,
			typed: readEmail(EMAIL),
			hash: '',
			slot: { ...slot, authPublicKey: bytes },
			keys: { kek: new Uint8Array(32).fill(1), signing },
			pin: undefined,
			mailed: undefined,
			asked: { purpose: 1, reply },
			askAgain: () => Promise.reject(new Error('nobody is asked'))
		});
	}

	test('keep no process alive', () => {
		const timers = vi.spyOn(globalThis, 'setTimeout');
		const waits = signIn();
		waits.wait(nobody);
		const timer = timers.mock.results[0]?.value as NodeJS.Timeout;
		expect(timer.hasRef()).toBe(false);
		waits.end();
	});

	test('wait in a browser, whose timers are numbers', () => {
		vi.stubGlobal('setTimeout', () => 7);
		const waits = signIn();
		waits.wait(nobody);
		expect(waits.over).toBe(false);
		expect(waits.keys.kek).toEqual(new Uint8Array(32).fill(1));
		waits.end();
		expect(waits.keys.kek).toEqual(new Uint8Array(32));
	});
});
