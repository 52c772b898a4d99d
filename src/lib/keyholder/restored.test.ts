import { afterEach, describe, expect, test, vi } from 'vitest';
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
import {
	accept,
	everything,
	look,
	restored,
	type Writes
} from '../../../tests/hostile/restoring.ts';
import { addVault } from '../../../tests/hostile/second-vault.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

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

	test('asks for nothing but a challenge where no vault is further than what was seen', async () => {
		const { device } = await restored((each) => each.set({ theme: 'dark' }));
		await look(device);
		const sent = device.wire.requests().length;
		await accept(device);
		expect(device.wire.requests().slice(sent)).toEqual([
			'POST /api/v1/auth/challenge',
			'POST /api/v1/account/restore'
		]);
	});

	test('is not judged by a vault whose chain was not served: the next try asks for it again', async () => {
		const { world, device } = await restored((each) => each.add('lost'));
		const other = world.device();
		await other.unlock();
		await other.add('b', 'c');
		await other.add('d');
		await look(device);
		device.wire.tamper = (_, { path }) => (path.includes('/vaults/') ? 'nothing' : undefined);
		await expect(accept(device)).rejects.toMatchObject(refusal('offline'));
		device.wire.tamper = undefined;
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		expect(device.names).toEqual(['a', 'b', 'c', 'd']);
	});

	test('says when the newest of its records was written', async () => {
		for (const change of [
			(device: Device) => device.add('b'),
			(device: Device) => device.set({ theme: 'light' })
		]) {
			const world = new World();
			let now = NOW;
			const device = world.device(undefined, { now: () => now });
			await device.keyholder.prepare(EMAIL, PASSWORD);
			await device.keyholder.register();
			now = NOW + 1_000;
			await change(device);
			world.server.endSessions();
			expect((await look(device)).changedAtMs).toBe(NOW + 1_000);
		}
	});

	test('is nothing less than what was seen where nothing was', async () => {
		const { world } = await restored(everything);
		const device = world.device();
		expect(await look(device)).toMatchObject({
			servedSeq: standing(world).seqs[0],
			pinnedSeq: 0,
			rotates: false
		});
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		expect(device.pins.accounts.size).toBe(1);
	});

	test('names the account where it lacks as much as a vault does', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await device.set({ theme: 'dark' });
		const backup = copyOf(world.stored());
		await device.set({ theme: 'light' });
		await device.add('lost');
		device.keyholder.lock();
		world.server.endSessions();
		world.putBack(backup);
		expect(await look(device)).toMatchObject({ servedSeq: 3, pinnedSeq: 4 });
		expect(standing(world).seqs).toEqual([3, 2]);
	});

	test('is accepted with a vault that was made since', async () => {
		const { world, device } = await restored(everything);
		await addVault(world);
		expect(await look(device)).toMatchObject({ keys: 1, rotates: false });
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		expect(device.keyholder.view().vaults).toHaveLength(2);
	});

	test('tells that it is written', async () => {
		const { device } = await restored(everything);
		await look(device);
		const steps: unknown[] = [];
		await device.keyholder.rotations.acceptRestore((step) => steps.push(step));
		expect(steps).toEqual([{ step: 'switching' }]);
	});

	test('is said to need a link if the server answers a password so', async () => {
		const { device } = await restored(everything);
		const json = { type: 'about:blank', title: 'No.', status: 403, code: 'link' };
		device.wire.tamper = (_, { path }) =>
			path.endsWith('/auth/verify')
				? { status: 403, type: 'application/problem+json', json }
				: undefined;
		await expect(look(device)).rejects.toMatchObject(refusal('link'));
	});

	test('replaces the pins by exactly what is there now', async () => {
		const { world, device } = await restored(everything);
		await look(device);
		await accept(device);
		const { seqs, generations } = standing(world);
		const account = device.pins.accounts.get(world.stored().id);
		const [vault] = Object.values(account?.vaults ?? {});
		expect([account?.seq, vault?.seq]).toEqual(seqs);
		expect([account?.generation, vault?.generation]).toEqual(generations);
		expect([...device.pins.emails.values()]).toEqual([{ account: world.stored().id, profile: 1 }]);
	});

	test('is not held after a lock that comes while the pins are replaced', async () => {
		const { device } = await restored(everything);
		await look(device);
		const save = device.pins.save.bind(device.pins);
		device.pins.save = async (change) => {
			await save(change);
			device.keyholder.lock();
		};
		await expect(accept(device)).rejects.toMatchObject(refusal('locked'));
		device.pins.save = save;
		await new Promise((done) => setTimeout(done, 0));
		expect(() => device.keyholder.view()).toThrow(expect.objectContaining(refusal('locked')));
		await device.unlock();
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

	test.each([
		['of a vault alone', 0, 1],
		['of the account alone', 1, 0]
	])('%s asks for a rotation too', async (_, account, vault) => {
		const { world, device } = await restored(everything);
		const { id } = world.stored();
		const pin = device.pins.accounts.get(id);
		if (pin === undefined) throw new Error('no pin');
		const vaults = Object.fromEntries(
			Object.entries(pin.vaults).map(([of, each]) => [of, { ...each, generation: 1 + vault }])
		);
		device.pins.accounts.set(id, { ...pin, generation: 1 + account, vaults });
		expect(await look(device)).toMatchObject({ rotates: true });
	});

	test('of one of two vaults asks for a rotation too', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const second = await addVault(world);
		await device.keyholder.refresh();
		device.keyholder.lock();
		world.server.endSessions();
		const { id } = world.stored();
		const pin = device.pins.accounts.get(id);
		const own = pin?.vaults[second];
		if (pin === undefined || own === undefined) throw new Error('no pin');
		const vaults = { ...pin.vaults, [second]: { ...own, generation: 2 } };
		device.pins.accounts.set(id, { ...pin, vaults });
		expect(await look(device)).toMatchObject({ rotates: true });
	});

	test('is not accepted if another device writes while it is rotated', async () => {
		const { world, device } = await restored(rotated);
		await look(device);
		await plan(device);
		const other = world.device();
		await other.unlock();
		device.wire.tamper = async (_, { path }) => {
			if (!path.endsWith('/parts')) return undefined;
			device.wire.tamper = undefined;
			await other.add('theirs');
			return undefined;
		};
		expect(await accept(device)).toEqual({ outcome: 'conflict' });
		await expect(accept(device)).rejects.toMatchObject(refusal('locked'));
		expect(standing(world).generations).toEqual([1, 1]);
	});

	test('keeps the plan it has if the password of the next one is wrong', async () => {
		const { world, device } = await restored(rotated);
		await look(device);
		const { kit } = await plan(device);
		expect(await device.keyholder.rotations.plan({ password: 'not the password' })).toEqual({
			outcome: 'wrong-password'
		});
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		const byKit = await world.device().keyholder.unlockWithKit(EMAIL, kit, undefined);
		expect(byKit.outcome).toBe('unlocked');
	});

	test('is done by the last of two plans', async () => {
		const { world, device } = await restored(rotated);
		await look(device);
		const { kit: first } = await plan(device);
		const { kit } = await plan(device);
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		const open = async (text: string) =>
			(await world.device().keyholder.unlockWithKit(EMAIL, text, undefined)).outcome;
		expect([await open(first), await open(kit)]).toEqual(['wrong-password', 'unlocked']);
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
	async function lookedAt() {
		let cut: Cut | undefined;
		const made = await restored(everything, (inner) => (cut = new Cut(inner)).fetch);
		await look(made.device);
		if (cut === undefined) throw new Error('no network');
		return { ...made, cut };
	}

	describe.each([
		{ answered: false, once: true },
		{ answered: true, once: true },
		{ answered: false, once: false },
		{ answered: true, once: false }
	])('(%j)', (how) => {
		// A challenge and the acceptance.
		test.each([0, 1])(
			'at request %i leaves it refused or accepted, and a retry works',
			async (index) => {
				const { world, device, cut } = await lookedAt();
				const pins = device.pins.snapshot();
				cut.at(index, how);
				const answer = await accept(device).catch((error: unknown) => error);
				cut.mend();
				if (answer instanceof Error) {
					expect(answer).toMatchObject(refusal('offline'));
					expect(device.pins.snapshot()).toBe(pins);
					expect(await accept(device)).toEqual({ outcome: 'accepted' });
				} else {
					expect(answer).toEqual({ outcome: 'accepted' });
				}
				await device.add('b');
				expect(Object.keys(await contentsOf(world))).toEqual(['a', 'b']);
			}
		);
	});

	test('for good is found below what another device has written on top', async () => {
		const { world, device, cut } = await lookedAt();
		cut.at(1, { answered: true, once: false });
		await expect(accept(device)).rejects.toMatchObject(refusal('offline'));
		cut.mend();
		const other = world.device();
		await other.unlock();
		await other.set({ theme: 'light' });
		const sent = device.wire.exchanges.length;
		expect(await accept(device)).toEqual({ outcome: 'accepted' });
		expect(device.wire.exchanges.slice(sent).map(({ path }) => path)).toEqual([
			'/api/v1/account?after=2'
		]);
		await device.keyholder.refresh();
		expect(device.keyholder.view().settings.theme).toBe('light');
	});
});

describe('what a restored state is looked at with', () => {
	afterEach(() => {
		vi.restoreAllMocks();
	});

	async function remembered(lost: Writes) {
		const { world, device } = await restored(lost);
		const memory = new SecretMemory();
		await look(device);
		return { world, device, memory };
	}

	test.each([false, true])('is gone with a lock (accepted: %s)', async (isAccepted) => {
		const { device, memory } = await remembered(everything);
		if (isAccepted) await accept(device);
		// Three keys of the account, two of its vault, and nothing of the password.
		expect(memory.left()).toHaveLength(5);
		device.keyholder.lock();
		expect(memory.left()).toEqual([]);
	});

	test('is gone with a lock where a rotation was planned, or done', async () => {
		const { device, memory } = await remembered(rotate);
		await plan(device);
		expect(memory.left()).toHaveLength(5);
		await accept(device);
		expect(memory.left()).toHaveLength(5);
		device.keyholder.lock();
		expect(memory.left()).toEqual([]);
	});

	test('is gone when it is not accepted after all', async () => {
		const { world, device, memory } = await remembered(everything);
		const other = world.device();
		await other.unlock();
		await other.set({ theme: 'light' });
		other.keyholder.lock();
		expect(await accept(device)).toEqual({ outcome: 'conflict' });
		expect(memory.left()).toEqual([]);
	});

	test('is gone when another is looked at', async () => {
		const { device, memory } = await remembered(everything);
		const held = memory.left();
		await look(device);
		expect(memory.left()).toEqual(held);
		device.keyholder.lock();
		expect(memory.left()).toEqual([]);
	});
});

describe('what signs for an acceptance', () => {
	test.each([false, true])('is forgotten once it is accepted (rotated: %s)', async (rotates) => {
		const { device } = await restored(rotates ? rotate : everything);
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		try {
			await look(device);
			if (rotates) await plan(device);
			expect(vi.getTimerCount()).toBe(rotates ? 3 : 1);
			await accept(device);
			expect(vi.getTimerCount()).toBe(0);
		} finally {
			vi.useRealTimers();
		}
	});
});
