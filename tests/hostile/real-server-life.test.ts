/** The ways in and what their owner does with them, between the keyholder and the real server. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserOf } from '../server/browser-of.ts';
import { CodeApp } from '../server/code-app.ts';
import { Host } from '../server/host.ts';
import { Person } from '../server/person.ts';
import { Authenticator } from './authenticator.ts';
import { Device, errorOf, ORIGIN, PASSWORD, valueOf } from './harness.ts';
import type { MemoryPins } from './memory-pins.ts';

const NEXT = 'another staple than before';

let host: Host;
let people = 0;

beforeAll(async () => {
	host = await Host.open();
	// The first account of a server needs its set-up code.
	await new Person(host).register();
}, 60_000);

afterAll(async () => {
	await host.remove();
});

/** Each in a network of its own: what is counted for one is not counted for the others. */
function network() {
	return browserOf(host, `198.51.100.${String(++people)}`);
}

function deviceOf(known?: MemoryPins, fetch = network()): Device {
	return new Device(fetch, known, { now: () => Date.now() });
}

interface Owner {
	readonly device: Device;
	readonly email: string;
	readonly kit: string;
}

/** A new account with one key. */
async function owner(): Promise<Owner> {
	const email = `person-${randomBytes(4).toString('hex')}@example.org`;
	const device = deviceOf();
	const { kit } = await device.keyholder.prepare(email, PASSWORD);
	expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
	await device.add('a');
	return { device, email, kit };
}

async function passkeyOf({ device }: Owner): Promise<Authenticator> {
	const authenticator = new Authenticator(ORIGIN);
	const { ways } = device.keyholder;
	const passkey = { ...authenticator.make(await ways.offerPasskey()), name: 'Phone' };
	expect(await ways.addPasskey(passkey, PASSWORD)).toEqual({ outcome: 'changed' });
	return authenticator;
}

/** Its app's code of the step before now is used up. */
async function turnFactorOn({ keyholder }: Device) {
	await keyholder.prove(PASSWORD);
	const { seed } = await keyholder.affairs.askSecondFactorSeed();
	const app = new CodeApp(base32(seed), host);
	const on = await keyholder.affairs.turnSecondFactorOn(app.code(-1));
	if (on.outcome !== 'on') throw new Error('not on');
	return { app, backupCodes: on.backupCodes };
}

async function touch(device: Device, authenticator: Authenticator) {
	const request = await device.keyholder.askPasskey();
	return await device.keyholder.unlockWithPasskey(authenticator.touch(request));
}

describe('with the real server', () => {
	test('a new password opens the account, and ends the sessions of others', async () => {
		const { device, email } = await owner();
		const other = deviceOf();
		await other.unlock(email);
		const { ways } = device.keyholder;
		expect(await ways.changePassword(PASSWORD, NEXT)).toEqual({ outcome: 'changed' });
		expect(await errorOf(() => other.keyholder.refresh())).toMatchObject({ code: 'auth' });
		await device.keyholder.refresh();
		await device.add('b');
		await other.unlock(email, NEXT);
		expect(other.names).toEqual(['a', 'b']);
		expect(await other.keyholder.unlock(email, PASSWORD)).toEqual({ outcome: 'wrong-password' });
	});

	test('a profile that has risen is taken up', async () => {
		const { device, email } = await owner();
		const later = new Device(network(), device.pins, {
			...{ now: () => Date.now(), defaultProfile: 2 }
		});
		await later.unlock(email);
		const { slots } = await later.keyholder.refresh();
		expect(slots.find(({ kind }) => kind === 'password')?.profile).toBe(2);
		const other = deviceOf();
		await other.unlock(email);
		expect(other.names).toEqual(['a']);
	});

	test('a passkey signs in on a new device, and its use is noted', async () => {
		const person = await owner();
		const authenticator = await passkeyOf(person);
		const device = deviceOf();
		expect(await touch(device, authenticator)).toEqual({ outcome: 'unlocked' });
		expect(await device.valueOf('a')).toBe(valueOf('a'));
		const passkey = (await device.keyholder.refresh()).slots.find(({ kind }) => kind === 'passkey');
		expect(passkey).toMatchObject({ name: 'Phone' });
		expect(passkey?.usedAtMs).toBeGreaterThan(0);
	});

	test('a passkey is not let in unverified, from elsewhere, or with a counter gone back', async () => {
		const person = await owner();
		const authenticator = await passkeyOf(person);
		expect(await touch(deviceOf(), authenticator)).toEqual({ outcome: 'unlocked' });
		authenticator.userVerified = false;
		expect(await touch(deviceOf(), authenticator)).toEqual({ outcome: 'wrong-password' });
		authenticator.userVerified = true;
		authenticator.origin = 'https://other.example.org';
		expect(await touch(deviceOf(), authenticator)).toEqual({ outcome: 'wrong-password' });
		authenticator.origin = ORIGIN;
		for (const held of authenticator.held) held.counter = 0;
		expect(await touch(deviceOf(), authenticator)).toEqual({ outcome: 'wrong-password' });
	});

	test('a passkey that was made elsewhere is not enrolled', async () => {
		const { device } = await owner();
		const { ways } = device.keyholder;
		const stranger = new Authenticator('https://other.example.org');
		const passkey = { ...stranger.make(await ways.offerPasskey()), name: 'Phone' };
		expect(await errorOf(() => ways.addPasskey(passkey, PASSWORD))).toMatchObject({
			code: 'failed'
		});
		expect((await device.keyholder.refresh()).slots).toHaveLength(2);
	});

	test('a second factor is asked for by password and kit, and once for each code', async () => {
		const { device, email, kit } = await owner();
		const { keyholder } = device;
		const { app, backupCodes } = await turnFactorOn(device);
		const other = deviceOf();
		expect(await other.keyholder.unlock(email, PASSWORD)).toEqual({ outcome: 'second-factor' });
		expect(await other.keyholder.unlockWithCode(app.code(-1))).toEqual({
			outcome: 'second-factor'
		});
		expect(await other.keyholder.unlockWithCode(app.code())).toEqual({ outcome: 'unlocked' });
		expect(other.derived).toHaveLength(1);
		const [first = '', second = ''] = backupCodes;
		const third = deviceOf();
		expect(await third.keyholder.unlockWithKit(email, kit, undefined)).toEqual({
			outcome: 'second-factor'
		});
		expect(await third.keyholder.unlockWithCode(first.toLowerCase())).toEqual({
			outcome: 'unlocked'
		});
		expect(await third.keyholder.affairs.secondFactor()).toEqual({ on: true, backupCodes: 9 });
		expect(await keyholder.ways.changePassword(PASSWORD, NEXT, first)).toEqual({
			outcome: 'second-factor'
		});
		expect(await keyholder.ways.changePassword(PASSWORD, NEXT, second)).toEqual({
			outcome: 'changed'
		});
	});

	test('a second factor that is turned off ends the sessions of others, and is asked for no more', async () => {
		const { device, email } = await owner();
		const { affairs } = device.keyholder;
		const { app, backupCodes } = await turnFactorOn(device);
		const other = deviceOf();
		expect(await other.keyholder.unlock(email, PASSWORD)).toEqual({ outcome: 'second-factor' });
		expect(await other.keyholder.unlockWithCode(backupCodes[0] ?? '')).toEqual({
			outcome: 'unlocked'
		});
		expect(await affairs.turnSecondFactorOff(app.code())).toEqual({ outcome: 'off' });
		expect(await errorOf(() => other.keyholder.refresh())).toMatchObject({ code: 'auth' });
		await device.keyholder.refresh();
		await other.unlock(email);
	});

	test('sessions are listed, and ended one by one or all others at once', async () => {
		const { device, email } = await owner();
		const others = [deviceOf(), deviceOf()];
		for (const other of others) await other.unlock(email);
		const { affairs } = device.keyholder;
		const end = affairs.sessions().then(([session]) => affairs.endSession(session?.id ?? ''));
		expect(await errorOf(() => end)).toMatchObject({ code: 'proof' });
		await device.keyholder.prove(PASSWORD);
		const another = (await affairs.sessions()).find(({ current }) => !current);
		await affairs.endSession(another?.id ?? '');
		expect(await affairs.sessions()).toHaveLength(2);
		await affairs.endOtherSessions();
		expect(await affairs.sessions()).toMatchObject([{ current: true }]);
		for (const other of others) {
			expect(await errorOf(() => other.keyholder.refresh())).toMatchObject({ code: 'auth' });
		}
	});

	test('another email signs in with the same password', async () => {
		const { device, email } = await owner();
		const { ways } = device.keyholder;
		const next = `new-${email}`;
		expect(await ways.changeEmail(next, PASSWORD)).toEqual({ outcome: 'changed' });
		const other = deviceOf();
		await other.unlock(next);
		expect(other.names).toEqual(['a']);
		expect(await other.keyholder.unlock(email, PASSWORD)).toEqual({ outcome: 'wrong-password' });
		device.keyholder.lock();
		expect((await device.unlock(next)).known).toBe(true);
	});

	test('an email that has an account is not taken by another', async () => {
		const first = await owner();
		const second = await owner();
		const change = () => second.device.keyholder.ways.changeEmail(first.email, PASSWORD);
		expect(await errorOf(change)).toMatchObject({ code: 'taken' });
		await deviceOf().unlock(second.email);
	});

	test('a deleted account is gone, here and there', async () => {
		const { device, email } = await owner();
		await device.keyholder.prove(PASSWORD);
		await device.keyholder.affairs.dropAccount();
		expect(device.pins.accounts.size + device.pins.emails.size).toBe(0);
		expect(await deviceOf().keyholder.unlock(email, PASSWORD)).toEqual({
			outcome: 'wrong-password'
		});
	});
});

/** RFC 4648, the other way round. */
function base32(text: string): Uint8Array<ArrayBuffer> {
	const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
	const bits = Array.from(text)
		.map((each) => alphabet.indexOf(each).toString(2).padStart(5, '0'))
		.join('');
	return Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, index) =>
		parseInt(bits.slice(index * 8, index * 8 + 8), 2)
	);
}
