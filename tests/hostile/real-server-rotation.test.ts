/**
 * Rotations and accepted restores between the keyholder and the real server: its database, its
 * sessions.
 */
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserOf } from '../server/browser-of.ts';
import { Host } from '../server/host.ts';
import { Person } from '../server/person.ts';
import { Authenticator } from './authenticator.ts';
import { Device, ORIGIN, PASSWORD, valueOf } from './harness.ts';
import type { MemoryPins } from './memory-pins.ts';
import { Cut, NEXT_PASSWORD, plan, rotate } from './rotating.ts';

let host: Host;
let browsers = 0;

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
	return browserOf(
		host,
		`198.51.${String(Math.floor(++browsers / 250))}.${String(browsers % 250)}`
	);
}

function deviceOf(known?: MemoryPins, fetch = network()): Device {
	return new Device(fetch, known, { now: () => Date.now() });
}

async function account(email: string, ...names: string[]): Promise<Device> {
	const device = deviceOf();
	await device.keyholder.prepare(email, PASSWORD);
	expect(await device.keyholder.register()).toEqual({ outcome: 'registered' });
	if (names.length > 0) await device.add(...names);
	return device;
}

/** Everything, as a device reads it that has never seen the account. */
async function contentsOf(email: string, password = PASSWORD): Promise<Record<string, unknown>> {
	const device = deviceOf();
	await device.unlock(email, password);
	await device.keyholder.prove(password);
	const vaults = await device.keyholder.readAll();
	device.keyholder.lock();
	return Object.fromEntries(
		vaults.flatMap(({ keys }) =>
			keys.map(({ overview, secret }) => [overview.name, secret.fields[0]?.value])
		)
	);
}

async function generationsOf(device: Device): Promise<unknown> {
	const { account: id } = device.keyholder.view();
	const [row] = await host.sql(
		`select a.generation as a, v.generation as v, (select count(*) from rotation_records) as staged
		from accounts a join vaults v on v.account = a.id where a.id = ?`,
		[id]
	);
	return { ...row };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `k${String(index)}`);
const values = (...all: string[]) => Object.fromEntries(all.map((name) => [name, valueOf(name)]));

describe('with the real server, a rotation', () => {
	test('replaces the keys of an account of 600 keys', async () => {
		const email = 'many@example.org';
		const device = await account(email, ...names(600));
		const other = deviceOf();
		await other.unlock(email);
		const kit = await rotate(device, { password: PASSWORD, nextPassword: NEXT_PASSWORD });
		expect(await generationsOf(device)).toEqual({ a: 2, v: 2, staged: 0 });
		expect(await contentsOf(email, NEXT_PASSWORD)).toEqual(values(...names(600)));
		await expect(other.keyholder.refresh()).rejects.toMatchObject({ code: 'auth' });
		expect((await deviceOf().keyholder.unlock(email, PASSWORD)).outcome).toBe('wrong-password');
		expect((await deviceOf().keyholder.unlockWithKit(email, kit, undefined)).outcome).toBe(
			'unlocked'
		);
		await device.add('later');
		await device.set({ theme: 'dark' });
		await device.keyholder.refresh();
	});

	test('keeps the passkey that was touched, drops the other, and ends the sessions of others', async () => {
		const email = 'passkeys@example.org';
		const device = await account(email, 'a');
		const authenticators = [new Authenticator(ORIGIN), new Authenticator(ORIGIN)];
		for (const [index, authenticator] of authenticators.entries()) {
			await device.keyholder.prove(PASSWORD);
			const made = authenticator.make(await device.keyholder.ways.offerPasskey());
			const added = { ...made, name: String(index) };
			expect(await device.keyholder.ways.addPasskey(added, PASSWORD)).toEqual({
				outcome: 'changed'
			});
		}
		const other = deviceOf();
		await other.unlock(email);
		const { dropped } = await plan(device);
		expect(dropped).toHaveLength(2);
		const id = dropped.find(({ name }) => name === '0')?.id ?? '';
		const request = await device.keyholder.rotations.askPasskey(id);
		const touched = authenticators[0]?.touch(request);
		if (touched === undefined) throw new Error('no authenticator');
		await device.keyholder.rotations.keepPasskey(id, touched);
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		await expect(other.keyholder.refresh()).rejects.toMatchObject({ code: 'auth' });
		const outcomes: string[] = [];
		for (const authenticator of authenticators) {
			const visitor = deviceOf();
			const answer = authenticator.touch(await visitor.keyholder.askPasskey());
			outcomes.push((await visitor.keyholder.unlockWithPasskey(answer)).outcome);
		}
		expect(outcomes).toEqual(['unlocked', 'wrong-password']);
	});

	test('by a kit replaces the kit and sets a password', async () => {
		const email = 'kit@example.org';
		const first = deviceOf();
		const { kit } = await first.keyholder.prepare(email, PASSWORD);
		await first.keyholder.register();
		await first.add('a');
		const device = deviceOf();
		await device.keyholder.unlockWithKit(email, kit, undefined);
		const next = await rotate(device, { nextPassword: NEXT_PASSWORD });
		expect(await contentsOf(email, NEXT_PASSWORD)).toEqual(values('a'));
		const open = async (text: string) =>
			(await deviceOf().keyholder.unlockWithKit(email, text, undefined)).outcome;
		expect([await open(kit), await open(next)]).toEqual(['wrong-password', 'unlocked']);
	});

	test('of the kit alone ends the sessions of others, and the password opens there again', async () => {
		const email = 'kit-alone@example.org';
		const device = await account(email, 'a');
		const other = deviceOf();
		await other.unlock(email);
		await rotate(device);
		await expect(other.keyholder.refresh()).rejects.toMatchObject({ code: 'auth' });
		await device.keyholder.refresh();
		await other.unlock(email);
		expect(await other.valueOf('a')).toBe(valueOf('a'));
	});

	test('over a network that breaks at any request is done or not, and a retry works', async () => {
		for (let index = 0; index < 10; index++) {
			const email = `cut${String(index)}@example.org`;
			(await account(email, 'a', 'b')).keyholder.lock();
			const cut = new Cut(network());
			const device = deviceOf(undefined, cut.fetch);
			await device.unlock(email);
			await plan(device);
			cut.at(index, { answered: true, once: false });
			await expect(device.keyholder.rotations.run()).rejects.toMatchObject({ code: 'offline' });
			cut.mend();
			expect(await contentsOf(email)).toEqual(values('a', 'b'));
			expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
			expect(await generationsOf(device)).toMatchObject({ a: 2, v: 2, staged: 0 });
			expect(await contentsOf(email)).toEqual(values('a', 'b'));
			await device.add('c');
		}
	});

	test('beside a device that writes in its midst is told so, and loses nothing', async () => {
		const email = 'race@example.org';
		const device = await account(email, 'a');
		const rival = deviceOf();
		await rival.unlock(email);
		await plan(device);
		device.wire.tamper = async (_, { path }) => {
			if (!path.endsWith('/parts')) return undefined;
			device.wire.tamper = undefined;
			await rival.add('theirs');
			return undefined;
		};
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		expect(await generationsOf(device)).toMatchObject({ a: 1, v: 1 });
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(await contentsOf(email)).toEqual(values('a', 'theirs'));
	});
});

describe('with the real server, a database that was restored', () => {
	/** Sets the server back to what `files` hold, once `lost` was done. */
	async function restored(email: string, lost: (device: Device) => Promise<unknown>) {
		const device = await account(email, 'a');
		const backup = join(host.directory, 'backup');
		const files = () => readdirSync(host.directory).filter((name) => name.startsWith('keyhold.db'));
		await host.stop();
		for (const name of files()) cpSync(join(host.directory, name), join(backup, name));
		await host.start();
		await lost(device);
		device.keyholder.lock();
		await host.stop();
		for (const name of files()) rmSync(join(host.directory, name));
		for (const name of readdirSync(backup)) cpSync(join(backup, name), join(host.directory, name));
		rmSync(backup, { recursive: true });
		await host.start();
		await expect(device.unlock(email)).rejects.toMatchObject({ code: 'rollback' });
		return device;
	}

	test('is accepted by the person, and written on', async () => {
		const email = 'restored@example.org';
		const device = await restored(email, async (each) => {
			await each.add('lost');
			await each.set({ theme: 'dark' });
		});
		const found = await device.keyholder.rotations.lookAtRestore(email, PASSWORD);
		expect(found).toMatchObject({ outcome: 'found', state: { keys: 1, rotates: false } });
		expect(await device.keyholder.rotations.acceptRestore()).toEqual({ outcome: 'accepted' });
		await device.add('b');
		await device.set({ theme: 'light' });
		device.keyholder.lock();
		await device.unlock(email);
		expect(await contentsOf(email)).toEqual(values('a', 'b'));
	});

	test('with keys from before a rotation is rotated first', async () => {
		const email = 'rotated@example.org';
		const device = await restored(email, (each) => rotate(each));
		const found = await device.keyholder.rotations.lookAtRestore(email, PASSWORD);
		expect(found).toMatchObject({ outcome: 'found', state: { keys: 1, rotates: true } });
		await plan(device);
		expect(await device.keyholder.rotations.acceptRestore()).toEqual({ outcome: 'accepted' });
		expect(await generationsOf(device)).toMatchObject({ a: 2, v: 2 });
		device.keyholder.lock();
		await device.unlock(email);
		expect(await contentsOf(email)).toEqual(values('a'));
	});
});
