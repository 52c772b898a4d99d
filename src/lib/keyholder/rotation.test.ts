import { describe, expect, test, vi } from 'vitest';
import { readKit } from '#lib/protocol/recovery-kit.ts';
import { found, needlesOf } from '../../../tests/canary/needles.ts';
import type { Device } from '../../../tests/hostile/harness.ts';
import {
	EMAIL,
	errorOf,
	newKey,
	NOW,
	PASSWORD,
	valueOf,
	World
} from '../../../tests/hostile/harness.ts';
import {
	contentsOf,
	NEXT_PASSWORD,
	plan,
	rotate,
	standing,
	stepsOf
} from '../../../tests/hostile/rotating.ts';
import { addVault } from '../../../tests/hostile/second-vault.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('a rotation', () => {
	test('raises generations and seqs by one and keeps every value', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		const before = standing(world);
		await rotate(device);
		const after = standing(world);
		expect(after.generations).toEqual([2, 2]);
		expect(after.seqs).toEqual(before.seqs.map((seq) => seq + 1));
		const values = { a: valueOf('a'), b: valueOf('b') };
		expect(await contentsOf(world)).toEqual(values);
		expect(device.names).toEqual(['a', 'b']);
		expect(await device.valueOf('b')).toBe(valueOf('b'));
		await world.expectSilent(device);
	});

	test('keeps sheets by their ids, and writes every record for the new seq of the vault', async () => {
		const world = new World();
		const device = await world.account(Array.from({ length: 70 }, (_, i) => `k${String(i)}`));
		const before = [...world.storedVault().sheets.keys()].sort();
		await rotate(device);
		const { sheets, secrets, chain } = world.storedVault();
		expect([...sheets.keys()].sort()).toEqual(before);
		for (const { revision } of [...sheets.values(), ...secrets.values()]) {
			expect(revision).toBe(chain.seq);
		}
		expect(device.vault.keys.every(({ revision }) => revision === chain.seq)).toBe(true);
	});

	test('makes fingerprints again: a value is still found', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const print = () => device.row('a').overview.fields[0]?.fingerprint;
		const before = print();
		await rotate(device);
		expect(print()).not.toBe(before);
		expect(print()).toBe(await device.keyholder.fingerprint(device.vault.id, valueOf('a')));
	});

	test('goes through where there is a secret that no sheet lists, and leaves that behind', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const { secrets } = world.storedVault();
		const [listed] = secrets.values();
		if (listed === undefined) throw new Error('no secret');
		secrets.set('c3RyYXlzdHJheXN0cmF5cw', listed);
		await rotate(device);
		expect(world.storedVault().secrets.size).toBe(1);
		expect(await contentsOf(world)).toEqual({ a: valueOf('a') });
	});

	test('leaves an empty vault empty', async () => {
		const world = new World();
		const device = await world.account();
		await rotate(device);
		expect(standing(world)).toMatchObject({ generations: [2, 2], seqs: [3, 2] });
		await device.add('a');
		expect(await contentsOf(world)).toEqual({ a: valueOf('a') });
	});

	test('replaces the keys of every vault', async () => {
		const world = new World();
		const device = await world.account();
		const ids = [device.vault.id, await addVault(world)];
		await device.keyholder.refresh();
		for (const vault of ids) {
			await device.keyholder.save([{ kind: 'add', vault, ...newKey(vault) }]);
		}
		const wraps = () => [...world.stored().vaults.values()].map(({ keyWrap }) => keyWrap);
		const before = wraps();
		await rotate(device);
		expect(wraps().filter((wrap) => before.includes(wrap))).toEqual([]);
		for (const each of [device, world.device()]) {
			if (each !== device) await each.unlock();
			for (const { vault, item, overview } of each.keyholder
				.view()
				.vaults.flatMap(({ keys }) => keys)) {
				expect(overview.name).toBe(vault);
				const { secret } = await each.keyholder.read({ vault, item }, 'copy');
				expect(secret.fields[0]?.value).toBe(valueOf(vault));
			}
		}
	});

	test('carries settings over', async () => {
		const world = new World();
		const device = await world.account();
		await device.set({ theme: 'dark' });
		await rotate(device);
		expect(device.keyholder.view().settings.theme).toBe('dark');
		const other = world.device();
		expect((await other.unlock()).settings).toEqual(device.keyholder.view().settings);
	});

	test('can be followed by writes, and by another rotation', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await rotate(device);
		await device.add('b');
		await device.set({ theme: 'dark' });
		await rotate(device);
		expect(standing(world).generations).toEqual([3, 3]);
		expect(Object.keys(await contentsOf(world))).toEqual(['a', 'b']);
	});

	test('is what a device that knew the account finds when it unlocks', async () => {
		const world = new World();
		const other = await world.account(['a']);
		other.keyholder.lock();
		const device = world.device();
		await device.unlock();
		await device.add('b');
		await rotate(device);
		const view = await other.unlock();
		expect(view.known).toBe(true);
		expect(other.names).toEqual(['a', 'b']);
	});

	test('tells of every key read, of every key sent, and of the switch', async () => {
		const world = new World();
		const device = await world.account(['a', 'b', 'c']);
		await plan(device);
		expect(await stepsOf(device)).toEqual([
			{ step: 'reading', done: 0, total: 3 },
			{ step: 'reading', done: 3, total: 3 },
			{ step: 'sending', done: 0, total: 3 },
			{ step: 'sending', done: 0, total: 3 },
			{ step: 'sending', done: 3, total: 3 },
			{ step: 'switching' }
		]);
	});

	test.each<[string, (rival: Device, second: string) => Promise<unknown>]>([
		['the first vault', (rival) => rival.add('theirs')],
		[
			'the second vault',
			({ keyholder }, vault) => keyholder.save([{ kind: 'add', vault, ...newKey('theirs') }])
		],
		['the settings', (rival) => rival.set({ theme: 'dark' })]
	])('is stopped before the switch if another device writes %s meanwhile', async (_, write) => {
		const world = new World();
		const device = await world.account(['a']);
		const second = await addVault(world);
		const rival = world.device();
		await rival.unlock();
		await plan(device);
		device.wire.tamper = async (_answer, { path }) => {
			if (!path.endsWith('/parts')) return undefined;
			device.wire.tamper = undefined;
			await write(rival, second);
			return undefined;
		};
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		expect(device.wire.requests()).not.toContain('POST /api/v1/account/rotation');
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
	});

	test('sends nothing if another device writes anew what it reads', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const rival = world.device();
		await rival.unlock();
		await plan(device);
		device.wire.before = async (path) => {
			if (!path.endsWith('/secrets')) return;
			device.wire.before = undefined;
			await rival.rewrite('a', 'theirs');
		};
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		expect(device.wire.requests().filter((each) => each.endsWith('/parts'))).toEqual([]);
	});

	test('reads nothing if a way in was changed since it was planned', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		await other.unlock();
		await plan(one);
		await other.keyholder.ways.changePassword(PASSWORD, NEXT_PASSWORD);
		expect(await one.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		expect(one.wire.requests().filter((each) => each.endsWith('/secrets'))).toEqual([]);
	});

	test('ends what was proved before: nothing is sent to be signed', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await device.keyholder.prove(PASSWORD);
		await rotate(device);
		const sent = device.wire.exchanges.length;
		await expect(device.keyholder.readAll()).rejects.toMatchObject(refusal('proof'));
		expect(device.wire.exchanges).toHaveLength(sent);
	});
});

describe('planning a rotation', () => {
	test('says what is kept and dropped, and gives a kit; nothing is written', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = standing(world);
		const { kit, keys, dropped, kept } = await plan(device);
		expect(kit).toMatch(/^KH1(-[0-9A-HJKMNP-TV-Z]{4}){9}$/);
		expect(keys).toBe(1);
		expect(dropped).toEqual([]);
		expect(kept.map(({ kind }) => kind)).toEqual(['password']);
		expect(standing(world)).toEqual(before);
	});

	test('with another password is answered so, and sends nothing made from it', async () => {
		const world = new World();
		const device = await world.account(['a']);
		expect(await device.keyholder.rotations.plan({ password: 'not the password' })).toEqual({
			outcome: 'wrong-password'
		});
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('locked'));
		expect(device.wire.requests().at(-1)).toBe('GET /api/v1/vaults/' + device.vault.id);
	});

	test.each([
		[{ password: PASSWORD, nextPassword: 'too short' }, 'invalid'],
		[{}, 'invalid'],
		[{ nextPassword: NEXT_PASSWORD }, 'proof']
	])('with %j is refused', async (choice, code) => {
		const world = new World();
		const device = await world.account();
		await expect(device.keyholder.rotations.plan(choice)).rejects.toMatchObject({ code });
	});

	test('and doing it sends neither the kit nor what it is made of', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const kit = await rotate(device);
		const read = await readKit(kit);
		if ('fault' in read) throw new Error(read.fault);
		const needles = [...needlesOf('kit', kit.slice(4, 39)), ...needlesOf('r20', read.r20)];
		expect(found(device.wire.sent(), needles)).toEqual([]);
	});

	test('and dropping it leaves nothing to be done', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await plan(device);
		await device.keyholder.rotations.drop();
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('locked'));
		expect(standing(world).generations).toEqual([1, 1]);
	});

	test('and dropping it forgets what signs', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		try {
			const device = await new World().account();
			await plan(device);
			await device.keyholder.rotations.drop();
			expect(vi.getTimerCount()).toBe(0);
		} finally {
			vi.useRealTimers();
		}
	});

	test('and locking forgets it', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await plan(device);
		device.keyholder.lock();
		await device.unlock();
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('locked'));
	});

	test('again makes another kit, and only the last one opens', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const { kit: first } = await plan(device);
		const kit = await rotate(device);
		const open = async (text: string) =>
			(await world.device().keyholder.unlockWithKit(EMAIL, text, undefined)).outcome;
		expect(await open(first)).toBe('wrong-password');
		expect(await open(kit)).toBe('unlocked');
	});
});

describe('the ways in after a rotation', () => {
	test('a new password opens, the old one does not', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await rotate(device, { password: PASSWORD, nextPassword: NEXT_PASSWORD });
		expect(await world.device().keyholder.unlock(EMAIL, PASSWORD)).toEqual({
			outcome: 'wrong-password'
		});
		expect(await contentsOf(world, NEXT_PASSWORD)).toEqual({ a: valueOf('a') });
	});

	test('the same password has another salt', async () => {
		const world = new World();
		const device = await world.account();
		const saltOf = () => world.stored().slots.find(({ kind }) => kind === 1)?.['salt'];
		const before = saltOf();
		await rotate(device);
		expect(saltOf()).not.toBe(before);
	});

	test('the new kit opens, the old one does not', async () => {
		const world = new World();
		const device = world.device();
		const { kit: old } = await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		const kit = await rotate(device);
		const open = async (text: string) =>
			(await world.device().keyholder.unlockWithKit(EMAIL, text, undefined)).outcome;
		expect(await open(old)).toBe('wrong-password');
		expect(await open(kit)).toBe('unlocked');
	});

	test('other sessions have ended, this one goes on', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const other = world.device();
		await other.unlock();
		await rotate(device);
		await expect(other.keyholder.refresh()).rejects.toMatchObject(refusal('auth'));
		await device.keyholder.refresh();
	});

	test('another tab of the session is told to unlock anew, whatever it does', async () => {
		const world = new World();
		const { one, other } = await world.tabs(['a']);
		await other.unlock();
		await rotate(one);
		await expect(other.keyholder.refresh()).rejects.toMatchObject(refusal('auth'));
		await expect(other.add('b')).rejects.toMatchObject(refusal('auth'));
		await expect(other.set({ theme: 'dark' })).rejects.toMatchObject(refusal('auth'));
		await other.unlock();
		await other.add('b');
		await one.keyholder.refresh();
		expect(one.names).toEqual(['a', 'b']);
	});
});

describe('after unlocking with a kit', () => {
	async function byKit() {
		const world = new World();
		const first = world.device();
		const { kit } = await first.keyholder.prepare(EMAIL, PASSWORD);
		await first.keyholder.register();
		await first.add('a');
		const device = world.device();
		const { outcome } = await device.keyholder.unlockWithKit(EMAIL, kit, undefined);
		expect(outcome).toBe('unlocked');
		return { world, device, kit };
	}

	test('nothing is written before a rotation sets another password', async () => {
		const { world, device } = await byKit();
		await expect(device.add('b')).rejects.toMatchObject(refusal('rotate-first'));
		await rotate(device, { nextPassword: NEXT_PASSWORD });
		await device.add('b');
		expect(Object.keys(await contentsOf(world, NEXT_PASSWORD))).toEqual(['a', 'b']);
		expect(device.keyholder.view().unlockedBy).toBe('password');
	});

	test('the kit that was used is replaced', async () => {
		const { world, device, kit } = await byKit();
		const next = await rotate(device, { nextPassword: NEXT_PASSWORD });
		const open = async (text: string) =>
			(await world.device().keyholder.unlockWithKit(EMAIL, text, undefined)).outcome;
		expect(await open(kit)).toBe('wrong-password');
		expect(await open(next)).toBe('unlocked');
	});

	test('a plan without a next password is refused', async () => {
		const { device } = await byKit();
		await expect(device.keyholder.rotations.plan({})).rejects.toMatchObject(refusal('invalid'));
	});
});

describe('a plan that took longer than ten minutes', () => {
	test('needs the password once more, and goes on with the same kit', async () => {
		const world = new World();
		let now = NOW;
		const device = world.device(undefined, { now: () => now });
		await world.account(['a']);
		await device.unlock();
		const { kit } = await plan(device);
		now += 600_000;
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('proof'));
		await device.keyholder.prove(PASSWORD);
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		const open = await world.device().keyholder.unlockWithKit(EMAIL, kit, undefined);
		expect(open.outcome).toBe('unlocked');
	});
});

describe('a secret that is not genuine', () => {
	test('stops a rotation, and nothing else', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		const [first] = world.storedVault().secrets;
		if (first === undefined) throw new Error('no secret');
		const [item, { revision, blob }] = first;
		const spoiled = Buffer.from(blob, 'base64url').fill(7, 40, 50).toString('base64url');
		world.storedVault().secrets.set(item, { revision, blob: spoiled });
		const before = standing(world);
		await plan(device);
		expect(await errorOf(() => device.keyholder.rotations.run())).toMatchObject(
			refusal('integrity')
		);
		expect(standing(world)).toEqual(before);
		expect(device.wire.requests().filter((each) => each.includes('/rotation'))).toEqual([]);
		await device.keyholder.refresh();
	});
});
