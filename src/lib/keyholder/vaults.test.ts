import { describe, expect, test } from 'vitest';
import type { Fetch } from '#lib/api/client.ts';
import type { Id } from '#lib/api/wire.ts';
import type { KeyRow, VaultView } from '#lib/keyholder/views.ts';
import {
	Device,
	EMAIL,
	errorOf,
	newKey,
	PASSWORD,
	valueOf,
	World
} from '../../../tests/hostile/harness.ts';
import { copyOf } from '../../../tests/hostile/reference-records.ts';
import { Cut, plan } from '../../../tests/hostile/rotating.ts';
import { refusal } from '../../../tests/refusals.ts';

function vaultNamed(device: Device, name: string): VaultView {
	const vault = device.keyholder.view().vaults.find((each) => each.name === name);
	if (vault === undefined) throw new Error(`no vault ${name}`);
	return vault;
}

async function make(device: Device, name: string): Promise<Id> {
	const vaults = device.keyholder.vaults;
	const made = await vaults.make(name);
	if (made.outcome !== 'made') throw new Error(made.outcome);
	return made.vault;
}

async function addTo(device: Device, vault: Id, ...names: string[]): Promise<void> {
	const edits = names.map((name) => ({ kind: 'add', vault, ...newKey(name) }) as const);
	expect((await device.keyholder.save(edits)).outcome).toBe('saved');
}

/** What stands in each vault: its keys by name, with the values that a new device reads. */
async function contents(world: World, password = PASSWORD): Promise<Record<string, string[]>> {
	const device = world.device();
	await device.unlock(EMAIL, password);
	const found: Record<string, string[]> = {};
	for (const { id: vault, name, keys } of device.keyholder.view().vaults) {
		const values: string[] = [];
		for (const { item, overview } of keys) {
			const { secret } = await device.keyholder.read({ vault, item }, 'copy');
			expect(secret.fields[0]?.value).toBe(valueOf(overview.name));
			values.push(overview.name);
		}
		found[name] = values.sort();
	}
	device.keyholder.lock();
	return found;
}

async function twoVaults(names: readonly string[] = ['a', 'b']) {
	const world = new World();
	const device = await world.account(names);
	const work = await make(device, 'Work');
	return { world, device, work, vaults: device.keyholder.vaults };
}

function rowsOf(device: Device, vault: string): readonly KeyRow[] {
	return vaultNamed(device, vault).keys;
}

describe('a new vault', () => {
	test('is there on every device, after the first, and takes keys', async () => {
		const { world, device, work } = await twoVaults();
		const later = await make(device, ' Other ');
		await addTo(device, work, 'c');
		await addTo(device, later, 'd');
		const other = world.device();
		const { vaults } = await other.unlock();
		expect(vaults.map(({ name }) => name)).toEqual(['Personal', 'Work', 'Other']);
		expect(await contents(world)).toEqual({ Personal: ['a', 'b'], Work: ['c'], Other: ['d'] });
		await world.expectSilent(device);
	});

	test('is seen by a device that is open already, and both write into it', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const other = world.device();
		await other.unlock();
		const work = await make(device, 'Work');
		await other.keyholder.refresh();
		await addTo(other, work, 'b');
		await device.keyholder.refresh();
		await addTo(device, work, 'c');
		expect((await contents(world))['Work']).toEqual(['b', 'c']);
	});

	test('goes in beside one that another device has made meanwhile', async () => {
		const world = new World();
		const device = await world.account();
		const other = world.device();
		await other.unlock();
		await make(other, 'Theirs');
		await make(device, 'Mine');
		expect(Object.keys(await contents(world))).toEqual(['Personal', 'Theirs', 'Mine']);
	});

	test.each(['', '  ', 'x'.repeat(101)])(
		'called %j is refused, and nothing is sent',
		async (name) => {
			const world = new World();
			const device = await world.account();
			const vaults = device.keyholder.vaults;
			const sent = device.wire.exchanges.length;
			expect(await errorOf(() => vaults.make(name))).toMatchObject(refusal('invalid'));
			expect(device.wire.exchanges).toHaveLength(sent);
		}
	);

	test('is refused where there are 64', async () => {
		const world = new World();
		const device = await world.account();
		for (let count = 2; count <= 64; count++) await make(device, `Vault ${String(count)}`);
		const vaults = device.keyholder.vaults;
		expect(await errorOf(() => vaults.make('One more'))).toMatchObject({
			code: 'full',
			detail: { size: 65, limit: 64 }
		});
	});

	test.each([true, false])(
		'is made once, if the answer is lost (arrived: %s)',
		async (answered) => {
			const world = new World();
			(await world.account(['a'])).keyholder.lock();
			const cut = new Cut(world.server.device());
			const device = new Device(cut.fetch);
			await device.unlock();
			cut.at(0, { answered, once: true });
			const work = await make(device, 'Work');
			await addTo(device, work, 'b');
			expect(await contents(world)).toEqual({ Personal: ['a'], Work: ['b'] });
		}
	);
});

describe('renaming a vault', () => {
	test('is there on every device, and leaves the others alone', async () => {
		const { world, device, work, vaults } = await twoVaults();
		const other = world.device();
		await other.unlock();
		const first = vaultNamed(device, 'Personal').id;
		expect((await vaults.rename(work, 'Clients')).outcome).toBe('saved');
		const theirs = other.keyholder.vaults;
		expect((await theirs.rename(first, 'Home')).outcome).toBe('saved');
		expect(Object.keys(await contents(world))).toEqual(['Home', 'Clients']);
	});

	test('that is not there is refused', async () => {
		const { vaults } = await twoVaults();
		const error = await errorOf(() => vaults.rename('AAAAAAAAAAAAAAAAAAAAAA', 'x'));
		expect(error).toMatchObject(refusal('gone'));
	});
});

describe('dropping a vault', () => {
	test('takes its keys and its name along, and no other', async () => {
		const { world, device, work, vaults } = await twoVaults();
		await addTo(device, work, 'c');
		const other = world.device();
		await other.unlock();
		await device.keyholder.prove(PASSWORD);
		const { seq } = vaultNamed(device, 'Work');
		expect(await vaults.drop(work, seq)).toEqual({ outcome: 'dropped' });
		expect(await contents(world)).toEqual({ Personal: ['a', 'b'] });
		expect(device.keyholder.view().settings.vaults).not.toHaveProperty(work);
		expect((await other.keyholder.refresh()).vaults).toHaveLength(1);
		await other.add('d');
		await device.keyholder.refresh();
		expect(device.names).toEqual(['a', 'b', 'd']);
	});

	test('needs a proof', async () => {
		const { device, work, vaults } = await twoVaults();
		const { seq } = vaultNamed(device, 'Work');
		expect(await errorOf(() => vaults.drop(work, seq))).toMatchObject(refusal('proof'));
	});

	test('is not done if another device has written into it', async () => {
		const { world, device, work, vaults } = await twoVaults();
		const { seq } = vaultNamed(device, 'Work');
		const other = world.device();
		await other.unlock();
		await addTo(other, work, 'c');
		await device.keyholder.prove(PASSWORD);
		expect(await vaults.drop(work, seq)).toEqual({ outcome: 'changed' });
		expect(await contents(world)).toEqual({ Personal: ['a', 'b'], Work: ['c'] });
	});

	test('is refused for the last one', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await device.keyholder.prove(PASSWORD);
		const vaults = device.keyholder.vaults;
		const { id, seq } = device.vault;
		expect(await errorOf(() => vaults.drop(id, seq))).toMatchObject(refusal('invalid'));
		expect(await contents(world)).toEqual({ Personal: ['a'] });
	});

	test('that another device has dropped is no error', async () => {
		const { world, device, work, vaults } = await twoVaults();
		const { seq } = vaultNamed(device, 'Work');
		const other = world.device();
		await other.unlock();
		await other.keyholder.prove(PASSWORD);
		await other.keyholder.vaults.drop(work, seq);
		await device.keyholder.prove(PASSWORD);
		expect(await vaults.drop(work, seq)).toEqual({ outcome: 'dropped' });
	});

	test('says that it is gone to a device that writes into it', async () => {
		const { world, device, work, vaults } = await twoVaults();
		const other = world.device();
		await other.unlock();
		await device.keyholder.prove(PASSWORD);
		await vaults.drop(work, vaultNamed(device, 'Work').seq);
		const edit = { kind: 'add', vault: work, ...newKey('c') } as const;
		expect(await errorOf(() => other.keyholder.save([edit]))).toMatchObject(refusal('gone'));
		expect((await other.keyholder.refresh()).vaults).toHaveLength(1);
	});
});

describe('moving keys', () => {
	test('takes them out of the one vault and into the other', async () => {
		const { world, device, work, vaults } = await twoVaults(['a', 'b', 'c']);
		const rows = rowsOf(device, 'Personal').filter(({ overview }) => overview.name !== 'c');
		const moved = await vaults.move(rows, work);
		expect(moved).toMatchObject({ outcome: 'moved', left: 0 });
		expect(await contents(world)).toEqual({ Personal: ['c'], Work: ['a', 'b'] });
		const back = moved.outcome === 'moved' ? moved.keys : [];
		expect(await vaults.move(back, vaultNamed(device, 'Personal').id)).toMatchObject({ left: 0 });
		expect(await contents(world)).toEqual({ Personal: ['a', 'b', 'c'], Work: [] });
		await world.expectSilent(device);
	});

	test('makes their values findable where they are', async () => {
		const { device, work, vaults } = await twoVaults(['a']);
		await vaults.move(rowsOf(device, 'Personal'), work);
		const [row] = rowsOf(device, 'Work');
		const print = await device.keyholder.fingerprint(work, valueOf('a'));
		expect(row?.overview.fields[0]?.fingerprint).toBe(print);
	});

	test('leaves a key that another device has changed meanwhile where it is, too', async () => {
		const { world, device, work, vaults } = await twoVaults(['a']);
		const other = world.device();
		await other.unlock();
		let done = false;
		device.wire.tamper = async (_answer, { path }) => {
			if (done || !path.endsWith(`${work}/commits`)) return undefined;
			done = true;
			await other.rewrite('a', 'a');
			return undefined;
		};
		expect(await vaults.move([device.row('a')], work)).toMatchObject({ left: 1 });
		expect(await contents(world)).toEqual({ Personal: ['a'], Work: ['a'] });
	});

	test('of several vaults at once, or into one that is not there, is refused', async () => {
		const { device, work, vaults } = await twoVaults(['a']);
		await addTo(device, work, 'c');
		const [a, c] = [...rowsOf(device, 'Personal'), ...rowsOf(device, 'Work')];
		if (a === undefined || c === undefined) throw new Error('no keys');
		expect(await errorOf(() => vaults.move([a, c], work))).toMatchObject(refusal('invalid'));
		const nowhere = 'AAAAAAAAAAAAAAAAAAAAAA';
		expect(await errorOf(() => vaults.move([a], nowhere))).toMatchObject(refusal('gone'));
	});

	/** A device whose network can be cut, in front of two keys that are to be moved. */
	async function moving() {
		const { world, device: first, work } = await twoVaults();
		first.keyholder.lock();
		let cut: Cut | undefined;
		const wrap = (inner: Fetch) => (cut = new Cut(inner)).fetch;
		const device = new Device(wrap(world.server.device()));
		await device.unlock();
		if (cut === undefined) throw new Error('no network');
		const vaults = device.keyholder.vaults;
		return { world, device, work, vaults, cut };
	}

	async function requestsOfOne(): Promise<number> {
		const { device, work, vaults, cut } = await moving();
		cut.count = 0;
		await vaults.move(rowsOf(device, 'Personal'), work);
		return cut.count;
	}

	test.each([
		{ answered: false, once: true },
		{ answered: true, once: true },
		{ answered: false, once: false },
		{ answered: true, once: false }
	])('cut at any request (%j) loses nothing, and a retry ends it', async (how) => {
		const requests = await requestsOfOne();
		expect(requests).toBe(4);
		for (let index = 0; index < requests; index++) {
			const { world, device, work, vaults, cut } = await moving();
			const rows = rowsOf(device, 'Personal');
			cut.at(index, how);
			const answer = await vaults.move(rows, work).catch((error: unknown) => error);
			cut.mend();
			const { Personal = [], Work = [] } = await contents(world);
			expect([...new Set([...Personal, ...Work])].sort()).toEqual(['a', 'b']);
			if (answer instanceof Error) {
				expect(answer).toMatchObject(refusal('offline'));
				await vaults.move(rows, work);
			}
			expect(await contents(world)).toEqual({ Personal: [], Work: ['a', 'b'] });
		}
	});

	test('cut after they were copied, and never taken up again, leaves them in both', async () => {
		const { world, device, work, vaults, cut } = await moving();
		cut.at(3, { answered: false, once: false });
		await vaults.move(rowsOf(device, 'Personal'), work).catch(() => undefined);
		device.keyholder.lock();
		expect(await contents(world)).toEqual({ Personal: ['a', 'b'], Work: ['a', 'b'] });
	});
});

describe('a backup that the operator restored', () => {
	/** What the server has is set back to what it was before `lost`. */
	async function setBack(before: (device: Device) => Promise<void>, lost: typeof before) {
		const world = new World();
		const device = await world.account(['a']);
		await before(device);
		const backup = copyOf(world.stored());
		await lost(device);
		device.keyholder.lock();
		world.server.endSessions();
		world.putBack(backup);
		await expect(device.unlock()).rejects.toMatchObject(refusal('rollback'));
		const { rotations } = device.keyholder;
		expect(await rotations.lookAtRestore(EMAIL, PASSWORD)).toMatchObject({ outcome: 'found' });
		expect(await rotations.acceptRestore()).toEqual({ outcome: 'accepted' });
		return { world, device };
	}

	const makeWork = async (device: Device) => {
		await addTo(device, await make(device, 'Work'), 'b');
	};

	test('lacks a vault that was made since, and another one is made in its place', async () => {
		const { world, device } = await setBack(() => Promise.resolve(), makeWork);
		expect(await contents(world)).toEqual({ Personal: ['a'] });
		await makeWork(device);
		device.keyholder.lock();
		await device.unlock();
		expect(await contents(world)).toEqual({ Personal: ['a'], Work: ['b'] });
	});

	test('has a vault again that was deleted since, and it is deleted again', async () => {
		const drop = async (device: Device) => {
			await device.keyholder.prove(PASSWORD);
			const { id, seq } = vaultNamed(device, 'Work');
			const vaults = device.keyholder.vaults;
			expect(await vaults.drop(id, seq)).toEqual({ outcome: 'dropped' });
		};
		const { world, device } = await setBack(makeWork, drop);
		expect(await contents(world)).toEqual({ Personal: ['a'], Work: ['b'] });
		await drop(device);
		expect(await contents(world)).toEqual({ Personal: ['a'] });
	});
});

describe('an account of several vaults', () => {
	test('is backed up whole', async () => {
		const { device, work } = await twoVaults();
		await addTo(device, work, 'c');
		await device.keyholder.prove(PASSWORD);
		const read = await device.keyholder.readAll();
		const named = read.map(({ name, keys }) => [name, keys.map(({ overview }) => overview.name)]);
		expect(named).toEqual([
			['Personal', ['a', 'b']],
			['Work', ['c']]
		]);
	});

	test('is rotated whole, and goes on afterwards', async () => {
		const { world, device, work, vaults } = await twoVaults();
		await addTo(device, work, 'c');
		await plan(device);
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(await contents(world)).toEqual({ Personal: ['a', 'b'], Work: ['c'] });
		const later = await make(device, 'Later');
		await vaults.move(rowsOf(device, 'Work'), later);
		await device.keyholder.prove(PASSWORD);
		await vaults.drop(work, vaultNamed(device, 'Work').seq);
		expect(await contents(world)).toEqual({ Personal: ['a', 'b'], Later: ['c'] });
	});
});
