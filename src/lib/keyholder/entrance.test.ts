import { afterEach, describe, expect, test, vi } from 'vitest';
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
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

const CODE = '123456';

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

/** A device whose keys wait for a code, and the memory of it. */
async function waiting(): Promise<{ device: Device; memory: SecretMemory }> {
	const world = new World();
	await world.account();
	world.asksForCode(CODE);
	const device = world.device();
	const memory = new SecretMemory();
	await device.keyholder.unlock(EMAIL, PASSWORD);
	return { device, memory };
}

describe('keys that wait for a code', () => {
	test('are overwritten by a lock', async () => {
		const { device, memory } = await waiting();
		expect(memory.left()).toEqual(['slot/kek']);
		device.keyholder.lock();
		expect(memory.left()).toEqual([]);
	});

	test('are overwritten when their time is over, also if an answer was lost meanwhile', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const { device, memory } = await waiting();
		device.wire.tamper = () => 'nothing';
		const lost = await errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(lost).toMatchObject(refusal('offline'));
		expect(memory.left()).toEqual(['slot/kek']);
		vi.advanceTimersByTime(120_000);
		expect(memory.left()).toEqual([]);
	});

	test('are used once where two codes are sent at once', async () => {
		const { device } = await waiting();
		const first = device.keyholder.unlockWithCode(CODE);
		const second = errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(await first).toEqual({ outcome: 'unlocked' });
		expect(await second).toMatchObject({ ...refusal('locked'), message: 'it waits no more' });
	});

	test('are overwritten when an answer is not genuine', async () => {
		const { device, memory } = await waiting();
		device.wire.tamper = (_, { path }) =>
			path.endsWith('/verify') ? { status: 200, json: {} } : undefined;
		await errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(memory.left()).toEqual([]);
		const error = await errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(error).toMatchObject(refusal('locked'));
	});
});

describe('what an unlock lets one do', () => {
	test('is no proof of anything, by password', async () => {
		const device = await new World().knownDevice();
		await device.unlock();
		expect(await errorOf(() => device.keyholder.readAll())).toMatchObject(refusal('proof'));
	});

	test('is to prove with the kit, as there is no password', async () => {
		const world = new World();
		const { keyholder } = world.device();
		const { kit } = await keyholder.prepare(EMAIL, PASSWORD);
		await keyholder.register();
		await keyholder.unlockWithKit(EMAIL, kit, undefined);
		expect(await keyholder.readAll()).toHaveLength(1);
	});
});

describe('a password that has come to cost more', () => {
	test('is wrapped anew behind the person’s back, and opens as before', async () => {
		const world = new World();
		await world.account();
		const device = world.device(undefined, { defaultProfile: 2 });
		await device.unlock();
		await device.keyholder.refresh();
		const profileOf = ({ keyholder }: Device) =>
			keyholder.view().slots.find(({ kind }) => kind === 'password')?.profile;
		expect(profileOf(device)).toBe(2);
		const other = world.device();
		await other.unlock();
		expect(profileOf(other)).toBe(2);
	});

	test('is not wrapped anew where it costs that much already', async () => {
		const device = await new World().knownDevice();
		await device.unlock();
		await device.keyholder.refresh();
		const commits = device.wire.requests().filter((each) => each.endsWith('/account/commits'));
		// The settings of its registration.
		expect(commits).toHaveLength(1);
	});
});

describe('a passkey that is asked for', () => {
	async function asked(passedMs: number) {
		const world = new World();
		const first = await world.account();
		const authenticator = new Authenticator(ORIGIN);
		const offer = await first.keyholder.ways.offerPasskey();
		const passkey = { ...authenticator.make(offer), name: 'Phone' };
		await first.keyholder.ways.addPasskey(passkey, PASSWORD);
		let now = NOW;
		const { keyholder } = world.device(undefined, { now: () => now });
		const answer = authenticator.touch(await keyholder.askPasskey());
		now += passedMs;
		return { keyholder, answer };
	}

	test('may be touched for two minutes', async () => {
		const { keyholder, answer } = await asked(120_000);
		expect(await keyholder.unlockWithPasskey(answer)).toEqual({ outcome: 'unlocked' });
	});

	test('may not be touched later, and what it gave is overwritten', async () => {
		const { keyholder, answer } = await asked(120_001);
		const error = await errorOf(() => keyholder.unlockWithPasskey(answer));
		expect(error).toMatchObject(refusal('locked'));
		expect(answer.prf).toEqual(new Uint8Array(32));
	});

	test('is forgotten by a lock, and what it gave is overwritten', async () => {
		const { keyholder, answer } = await asked(0);
		keyholder.lock();
		const error = await errorOf(() => keyholder.unlockWithPasskey(answer));
		expect(error).toMatchObject({ ...refusal('locked'), message: 'no passkey was asked for' });
		expect(answer.prf).toEqual(new Uint8Array(32));
	});
});
