import { describe, expect, test } from 'vitest';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import {
	Device,
	EMAIL,
	newKey,
	NOW,
	ORIGIN,
	PASSWORD,
	valueOf,
	World
} from '../../../tests/hostile/harness.ts';
import { changing } from '../../../tests/hostile/moves.ts';
import { copyOf } from '../../../tests/hostile/reference-records.ts';
import {
	contentsOf,
	Cut,
	NEXT_PASSWORD,
	plan,
	rotate,
	standing
} from '../../../tests/hostile/rotating.ts';
import { addVault } from '../../../tests/hostile/second-vault.ts';
import { refusal } from '../../../tests/refusals.ts';

type Writes = (device: Device) => Promise<unknown>;

/** A device that has seen `lost`, and a server that was set back to what was there before it. */
async function restored(lost: Writes, wrap = (world: World) => world.server.device()) {
	const world = new World();
	const device = new Device(wrap(world));
	await device.keyholder.prepare(EMAIL, PASSWORD);
	await device.keyholder.register();
	await device.add('a');
	const backup = copyOf(world.stored());
	await lost(device);
	const pinned = standing(world);
	device.keyholder.lock();
	world.server.endSessions();
	world.putBack(backup);
	return { world, device, pinned };
}

const everything: Writes = async (device) => {
	await device.add('lost');
	await device.set({ theme: 'dark' });
};

async function look(device: Device, password = PASSWORD) {
	const found = await device.keyholder.rotations.lookAtRestore(EMAIL, password);
	if (found.outcome !== 'found') throw new Error(found.outcome);
	return found.state;
}

const accept = (device: Device) => device.keyholder.rotations.acceptRestore();

describe('a restored backup', () => {
	test('is refused, and looked at as on a new device: nothing is opened or written', async () => {
		const { world, device, pinned } = await restored(everything);
		await expect(device.unlock()).rejects.toMatchObject(refusal('rollback'));
		const [pins, served] = [device.pins.snapshot(), standing(world)];
		expect(await look(device)).toEqual({
			servedSeq: served.seqs[0],
			pinnedSeq: pinned.seqs[0],
			changedAtMs: NOW,
			keys: 1,
			rotates: false
		});
		expect(device.pins.snapshot()).toBe(pins);
		expect(standing(world)).toEqual(served);
		expect(() => device.keyholder.view()).toThrow(expect.objectContaining(refusal('locked')));
	});

	test('names the changes of the vault where nothing of the account itself is missing', async () => {
		const { device } = await restored(async (each) => {
			await each.add('lost');
			await each.add('lost as well');
		});
		const { servedSeq, pinnedSeq } = await look(device);
		expect(pinnedSeq - servedSeq).toBe(2);
	});

	test('is accepted above all that was seen, and goes on from there', async () => {
		const { world, device, pinned } = await restored(everything);
		await look(device);
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		expect(standing(world).seqs).toEqual(pinned.seqs.map((seq) => seq + 1));
		expect(device.keyholder.view()).toMatchObject({ known: true });
		expect(device.names).toEqual(['a']);
		expect(await device.valueOf('a')).toBe(valueOf('a'));
		await device.add('b');
		await device.set({ theme: 'light' });
		device.keyholder.lock();
		await device.unlock();
		expect(device.names).toEqual(['a', 'b']);
		expect(Object.keys(await contentsOf(world))).toEqual(['a', 'b']);
		await world.expectSilent(device);
	});

	test('that others have written on, further than what was seen, is accepted too', async () => {
		const { world, device } = await restored((each) => each.set({ theme: 'dark' }));
		const other = world.device();
		await other.unlock();
		for (const theme of ['light', 'dark', 'light'] as const) await other.set({ theme });
		await expect(device.unlock()).rejects.toMatchObject(refusal('fork'));
		const { seqs } = standing(world);
		await look(device);
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		expect(standing(world).seqs[0]).toBe((seqs[0] ?? 0) + 1);
		expect(device.keyholder.view().settings.theme).toBe('light');
		await other.keyholder.refresh();
	});

	test('writes a vault only if it is refused itself', async () => {
		const { world, device } = await restored((each) => each.set({ theme: 'dark' }));
		const other = world.device();
		await other.unlock();
		await other.add('b');
		const { head } = world.storedVault().chain;
		await look(device);
		await accept(device);
		expect(world.storedVault().chain.head).toBe(head);
		expect(device.names).toEqual(['a', 'b']);
		await device.add('c');
	});

	test('of which a vault alone is refused is accepted with the account', async () => {
		const { world, device, pinned } = await restored((each) => each.add('lost'));
		await look(device);
		await accept(device);
		const { seqs } = standing(world);
		expect(seqs).toEqual(pinned.seqs.map((seq) => seq + 1));
		device.keyholder.lock();
		await device.unlock();
	});

	test('from before a vault was made is accepted without it', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const backup = copyOf(world.stored());
		await addVault(world);
		expect((await device.keyholder.refresh()).vaults).toHaveLength(2);
		device.keyholder.lock();
		world.server.endSessions();
		world.putBack(backup);
		await look(device);
		await accept(device);
		expect(device.names).toEqual(['a']);
		device.keyholder.lock();
		expect((await device.unlock()).vaults).toHaveLength(1);
	});

	test('of two vaults has both accepted', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const second = await addVault(world);
		await device.keyholder.refresh();
		const backup = copyOf(world.stored());
		const add = { kind: 'add', vault: second, ...newKey('lost') } as const;
		await device.keyholder.save([add]);
		await device.set({ theme: 'dark' });
		device.keyholder.lock();
		world.server.endSessions();
		world.putBack(backup);
		await look(device);
		await accept(device);
		await device.keyholder.save([add]);
		device.keyholder.lock();
		const { vaults } = await device.unlock();
		expect(vaults.map(({ keys }) => keys.length)).toEqual([1, 1]);
	});

	test('is decided on by each device for itself', async () => {
		const { world, device } = await restored(everything);
		const other = world.device();
		for (const [id, pin] of device.pins.accounts) other.pins.accounts.set(id, pin);
		for (const [hash, pin] of device.pins.emails) other.pins.emails.set(hash, pin);
		await look(device);
		await accept(device);
		await device.add('b');
		await expect(other.unlock()).rejects.toMatchObject(refusal('fork'));
		await look(other);
		expect(await accept(other)).toEqual({ outcome: 'accepted' });
		await other.add('c');
		await device.keyholder.refresh();
		expect(device.names).toEqual(['a', 'b', 'c']);
	});

	test('is not accepted once another device has written since it was looked at', async () => {
		const { world, device } = await restored(everything);
		await look(device);
		const other = world.device();
		await other.unlock();
		await other.add('b');
		const pins = device.pins.snapshot();
		expect(await accept(device)).toEqual({ outcome: 'conflict' });
		expect(device.pins.snapshot()).toBe(pins);
		await expect(accept(device)).rejects.toMatchObject(refusal('locked'));
		await look(device);
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		expect(device.names).toEqual(['a', 'b']);
	});

	test('is accepted beside a write to a vault that was not refused, which is seen at the next look', async () => {
		const { world, device } = await restored((each) => each.set({ theme: 'dark' }));
		await look(device);
		const other = world.device();
		await other.unlock();
		await other.add('b');
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		await device.keyholder.refresh();
		expect(device.names).toEqual(['a', 'b']);
		await other.keyholder.refresh();
	});

	test('is not accepted ten minutes after it was looked at', async () => {
		let now = NOW;
		const { world, device: known } = await restored(everything);
		const device = new Device(world.server.device(), known.pins, { now: () => now });
		await look(device);
		now += 600_000;
		await expect(accept(device)).rejects.toMatchObject(refusal('proof'));
	});

	test('is forgotten by a lock', async () => {
		const { device } = await restored(everything);
		await look(device);
		device.keyholder.lock();
		await expect(accept(device)).rejects.toMatchObject(refusal('locked'));
	});

	test('asks for the password, and for a code where there is a second factor', async () => {
		const { world, device } = await restored(everything);
		const { rotations } = device.keyholder;
		expect(await rotations.lookAtRestore(EMAIL, 'not the password')).toEqual({
			outcome: 'wrong-password'
		});
		Object.assign(world.stored().factor, { on: true, codes: new Set(['123456']) });
		const codes = [undefined, '1234', '654321'];
		for (const code of codes) {
			expect(await rotations.lookAtRestore(EMAIL, PASSWORD, code)).toEqual({
				outcome: 'second-factor'
			});
		}
		const found = await rotations.lookAtRestore(EMAIL, PASSWORD, '123 456');
		expect(found.outcome).toBe('found');
	});

	test('that is not genuine is refused as ever', async () => {
		const { world, device } = await restored(everything);
		device.wire.tamper = changing('/account', (json) => ({ ...json, vaults: [] }));
		await world.refused(device, 'integrity', () => look(device));
	});

	test('of another account than the email’s is refused as ever', async () => {
		const { device } = await restored(everything);
		device.wire.tamper = changing('/auth/challenge', (json) => ({
			...json,
			account: 'AAECAwQFBgcICQoLDA0ODw'
		}));
		await expect(look(device)).rejects.toMatchObject(refusal('rollback'));
	});
});

describe('a restored backup with keys from before a rotation', () => {
	const rotated: Writes = async (device) => {
		await device.add('lost');
		await rotate(device);
	};

	test('says that they are replaced, and accepts nothing before a rotation is planned', async () => {
		const { world, device } = await restored(rotated);
		expect(await look(device)).toMatchObject({ rotates: true });
		const before = standing(world);
		await expect(accept(device)).rejects.toMatchObject(refusal('rotate-first'));
		expect(standing(world)).toEqual(before);
	});

	test('is rotated first, then accepted; the kit of the plan opens', async () => {
		const { world, device, pinned } = await restored(rotated);
		await look(device);
		const { kit, keys } = await plan(device);
		expect(keys).toBe(1);
		const before = world.stored().chain.seq;
		const steps: string[] = [];
		expect(await device.keyholder.rotations.acceptRestore(({ step }) => steps.push(step))).toEqual({
			outcome: 'accepted'
		});
		expect(new Set(steps)).toEqual(new Set(['reading', 'sending', 'switching']));
		expect(standing(world).generations).toEqual([2, 2]);
		expect(world.stored().chain.seq).toBe(Math.max(before + 1, pinned.seqs[0] ?? 0) + 1);
		await device.add('b');
		device.keyholder.lock();
		await device.unlock();
		expect(device.names).toEqual(['a', 'b']);
		const byKit = await world.device().keyholder.unlockWithKit(EMAIL, kit, undefined);
		expect(byKit.outcome).toBe('unlocked');
	});

	test('may get another password, and keeps the passkey that is touched', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const authenticator = new Authenticator(ORIGIN);
		await device.keyholder.prove(PASSWORD);
		const made = authenticator.make(await device.keyholder.ways.offerPasskey());
		await device.keyholder.ways.addPasskey({ ...made, name: 'key ring' }, PASSWORD);
		const backup = copyOf(world.stored());
		await rotate(device);
		device.keyholder.lock();
		world.server.endSessions();
		world.putBack(backup);
		await look(device);
		const { dropped } = await plan(device, { nextPassword: NEXT_PASSWORD });
		const id = dropped[0]?.id ?? '';
		const touched = authenticator.touch(await device.keyholder.rotations.askPasskey(id));
		expect((await device.keyholder.rotations.keepPasskey(id, touched)).dropped).toEqual([]);
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		expect(await contentsOf(world, NEXT_PASSWORD)).toEqual({ a: valueOf('a') });
		const other = world.device();
		const request = await other.keyholder.askPasskey();
		const { outcome } = await other.keyholder.unlockWithPasskey(authenticator.touch(request));
		expect(outcome).toBe('unlocked');
	});

	test('goes on after a drop of the plan with another one', async () => {
		const { device } = await restored(rotated);
		await look(device);
		await plan(device);
		await device.keyholder.rotations.drop();
		await expect(accept(device)).rejects.toMatchObject(refusal('rotate-first'));
		await plan(device);
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
	});
});

describe('a connection that breaks while a restore is accepted', () => {
	const HOWS = [
		{ answered: false, once: true },
		{ answered: true, once: true },
		{ answered: false, once: false },
		{ answered: true, once: false }
	];

	async function lookedAt(rotates: boolean) {
		let cut: Cut | undefined;
		const made = await restored(rotates ? rotate : everything, (world) => {
			cut = new Cut(world.server.device());
			return cut.fetch;
		});
		await look(made.device);
		if (rotates) await plan(made.device);
		if (cut === undefined) throw new Error('no network');
		return { ...made, cut };
	}

	async function requestsOfOne(rotates: boolean): Promise<number> {
		const { device, cut } = await lookedAt(rotates);
		cut.count = 0;
		await accept(device);
		return cut.count;
	}

	test.each(HOWS.flatMap((how) => [false, true].map((rotates) => ({ ...how, rotates }))))(
		'at any request (%j) leaves it refused or accepted, and a retry works',
		async ({ rotates, ...how }) => {
			const requests = await requestsOfOne(rotates);
			for (let index = 0; index < requests; index++) {
				const { world, device, cut } = await lookedAt(rotates);
				const pins = device.pins.snapshot();
				cut.at(index, how);
				const answer = await accept(device).catch((error: unknown) => error);
				cut.mend();
				expect(await contentsOf(world)).toEqual({ a: valueOf('a') });
				if (answer instanceof Error) {
					expect(answer).toMatchObject(refusal('offline'));
					expect(device.pins.snapshot()).toBe(pins);
					expect(await accept(device)).toEqual({ outcome: 'accepted' });
				} else {
					expect(answer).toEqual({ outcome: 'accepted' });
				}
				expect(standing(world).generations).toEqual(rotates ? [2, 2] : [1, 1]);
				await device.add('b');
				device.keyholder.lock();
				world.server.endSessions();
				await device.unlock();
				expect(device.names).toEqual(['a', 'b']);
			}
		}
	);

	test('for good leaves a state that is looked at again', async () => {
		const requests = await requestsOfOne(true);
		for (let index = 0; index < requests; index++) {
			const { world, device, cut } = await lookedAt(true);
			cut.at(index, { answered: true, once: false });
			await accept(device).catch(() => undefined);
			cut.mend();
			device.keyholder.lock();
			world.server.endSessions();
			await expect(device.unlock()).rejects.toMatchObject({
				code: expect.stringMatching(/^(rollback|fork)$/) as unknown
			});
			const { rotates } = await look(device);
			if (rotates) await plan(device);
			expect(await accept(device)).toEqual({ outcome: 'accepted' });
			expect(standing(world).generations).toEqual([2, 2]);
		}
	});
});
