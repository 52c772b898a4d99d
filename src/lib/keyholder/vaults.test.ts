import { describe, expect, test, vi } from 'vitest';
import type { Fetch } from '#lib/api/client.ts';
import type { Id } from '#lib/api/wire.ts';
import { checkRoom } from '#lib/keyholder/vaults.ts';
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
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { addVault, addVaults } from '../../../tests/hostile/second-vault.ts';
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

/** Has another device write just before each of the next requests to a path of this end. */
async function losing(
	world: World,
	device: Device,
	end: string,
	write: (rival: Device, time: number) => Promise<unknown>
): Promise<void> {
	const rival = world.device();
	await rival.unlock();
	let time = 0;
	device.wire.before = async (path) => {
		if (path.endsWith(end)) await write(rival, time++);
	};
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

	test('is made where there are no settings yet, and says its name', async () => {
		const world = new World();
		const device = await world.bareAccount();
		await make(device, 'Work');
		const { vaults } = await world.device().unlock();
		expect(vaults.map(({ name }) => name).sort()).toEqual(['Personal', 'Work']);
	});

	test('is refused where there are 64, and nothing is sent', async () => {
		const world = new World();
		const device = await world.account();
		await addVaults(world, 63);
		await device.keyholder.refresh();
		const sent = device.wire.exchanges.length;
		expect(await errorOf(() => device.keyholder.vaults.make('One more'))).toMatchObject({
			...refusal('full'),
			detail: { size: 65, limit: 64 }
		});
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('is refused where another device has made the 64th meanwhile', async () => {
		const world = new World();
		const device = await world.account();
		await addVaults(world, 62);
		await device.keyholder.refresh();
		await addVault(world);
		const error = await errorOf(() => device.keyholder.vaults.make('One more'));
		expect(error).toMatchObject(refusal('full'));
		expect(world.stored().vaults.size).toBe(64);
	});

	test('is not made if other devices are faster five times over', async () => {
		const world = new World();
		const device = await world.account();
		await losing(world, device, '/account/commits', (rival, time) =>
			rival.set({ theme: time % 2 === 0 ? 'dark' : 'light' })
		);
		expect(await device.keyholder.vaults.make('Work')).toEqual({ outcome: 'conflict' });
		expect(world.stored().vaults.size).toBe(1);
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

	test('takes the spaces around a name away, also where there are no settings yet', async () => {
		const device = await new World().bareAccount();
		const { id } = device.vault;
		expect(await device.keyholder.vaults.rename(id, ' Home ')).toMatchObject({ outcome: 'saved' });
		expect(device.vault.name).toBe('Home');
	});

	test('to nothing is refused', async () => {
		const { work, vaults } = await twoVaults();
		expect(await errorOf(() => vaults.rename(work, ' '))).toMatchObject(refusal('invalid'));
	});

	test('keeps what another device has called the others meanwhile', async () => {
		const { world, device, work, vaults } = await twoVaults();
		const other = world.device();
		await other.unlock();
		await other.keyholder.vaults.rename(vaultNamed(other, 'Personal').id, 'Home');
		await vaults.rename(work, 'Clients');
		expect(device.keyholder.view().vaults.map(({ name }) => name)).toEqual(['Home', 'Clients']);
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

	test('is refused if it has become the last one meanwhile', async () => {
		const { world, device, work, vaults } = await twoVaults([]);
		const rival = world.device();
		await rival.unlock();
		await rival.keyholder.prove(PASSWORD);
		const { id, seq } = vaultNamed(device, 'Personal');
		await device.keyholder.prove(PASSWORD);
		device.wire.before = async (path) => {
			if (!path.endsWith('/account/commits')) return;
			device.wire.before = undefined;
			await rival.keyholder.vaults.drop(id, seq);
		};
		const error = await errorOf(() => vaults.drop(work, vaultNamed(device, 'Work').seq));
		expect(error).toMatchObject(refusal('invalid'));
		expect(Object.keys(await contents(world))).toEqual(['Work']);
	});

	test('is refused if another device has dropped it meanwhile', async () => {
		const { world, device, work, vaults } = await twoVaults([]);
		await make(device, 'Third');
		const rival = world.device();
		await rival.unlock();
		await rival.keyholder.prove(PASSWORD);
		const { seq } = vaultNamed(device, 'Work');
		await device.keyholder.prove(PASSWORD);
		device.wire.before = async (path) => {
			if (!path.endsWith('/account/commits')) return;
			device.wire.before = undefined;
			await rival.keyholder.vaults.drop(work, seq);
		};
		expect(await errorOf(() => vaults.drop(work, seq))).toMatchObject(refusal('invalid'));
	});

	test('is not done if other devices are faster five times over', async () => {
		const { world, device, work, vaults } = await twoVaults();
		await device.keyholder.prove(PASSWORD);
		await losing(world, device, '/account/commits', (rival, time) =>
			rival.set({ theme: time % 2 === 0 ? 'dark' : 'light' })
		);
		expect(await vaults.drop(work, vaultNamed(device, 'Work').seq)).toEqual({
			outcome: 'conflict'
		});
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
		const sent = device.wire.exchanges.length;
		expect(await errorOf(() => vaults.move([a, c], work))).toMatchObject(refusal('invalid'));
		expect(device.wire.exchanges).toHaveLength(sent);
		const nowhere = 'AAAAAAAAAAAAAAAAAAAAAA';
		expect(await errorOf(() => vaults.move([a], nowhere))).toMatchObject(refusal('gone'));
	});

	test('of none, or into the vault where they are, is nothing', async () => {
		const { device, work, vaults } = await twoVaults();
		const rows = rowsOf(device, 'Personal');
		const sent = device.wire.exchanges.length;
		expect(await vaults.move([], work)).toEqual({ outcome: 'moved', keys: [], left: 0 });
		const here = await vaults.move(rows, vaultNamed(device, 'Personal').id);
		expect(here).toEqual({ outcome: 'moved', keys: rows, left: 0 });
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('of more than there is room for is not begun', async () => {
		const { device, work, vaults } = await twoVaults(['a']);
		await addTo(device, work, 'c');
		const row = device.row('a');
		const sent = device.wire.exchanges.length;
		const rows = (count: number) => Array.from({ length: count }, () => row);
		expect(await errorOf(() => vaults.move(rows(20_000), work))).toMatchObject({
			...refusal('full'),
			detail: { size: 20_001, limit: 20_000 }
		});
		expect(device.wire.exchanges).toHaveLength(sent);
		// A key that is gone, so that the first that is copied ends it.
		const gone = { ...row, item: 'AAAAAAAAAAAAAAAAAAAAAA' };
		const fitting = () => vaults.move([gone, ...rows(19_998)], work);
		expect(await errorOf(fitting)).toMatchObject(refusal('gone'));
	});

	test('of one that this version cannot read is not begun', async () => {
		const { device, work, vaults } = await twoVaults(['a', 'b']);
		const sent = device.wire.exchanges.length;
		const rows = [device.row('a'), { ...device.row('b'), unreadable: true } as const];
		expect(await errorOf(() => vaults.move(rows, work))).toMatchObject(refusal('unreadable'));
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('keeps what this version does not know of a key', async () => {
		const { device, work, vaults } = await twoVaults([]);
		const { id: vault } = vaultNamed(device, 'Personal');
		const like = { id: vault, revision: 1, secretHash: '', overview: {}, later: 'x'.repeat(3_400) };
		await device.keyholder.save([{ kind: 'add', vault, ...newKey('a'), like }]);
		await vaults.move([device.row('a')], work);
		const [base] = rowsOf(device, 'Work');
		if (base === undefined) throw new Error('no key');
		// It is there if it takes its room.
		const overview = { ...base.overview, note: 'n'.repeat(600) };
		const change = { kind: 'change', base, overview } as const;
		expect(await errorOf(() => device.keyholder.save([change]))).toMatchObject(
			refusal('too-large')
		);
	});

	test('takes no fingerprint along, not even of a value that is not there', async () => {
		const { device, work, vaults } = await twoVaults([]);
		const { overview, secret } = newKey('a');
		const fields = [...overview.fields, { name: 'lost', hidden: true, fingerprint: 'of before' }];
		const { id: vault } = vaultNamed(device, 'Personal');
		await device.keyholder.save([
			{ kind: 'add', vault, overview: { ...overview, fields }, secret }
		]);
		expect(device.row('a').overview.fields[1]?.fingerprint).toBe('of before');
		await vaults.move([device.row('a')], work);
		const [row] = rowsOf(device, 'Work');
		expect(row?.overview.fields[1]).toEqual({ name: 'lost', hidden: true });
	});

	test.each(['copied', 'dropped'])(
		'is not done if other devices are faster five times over while they are %s',
		async (step) => {
			const { world, device, work, vaults } = await twoVaults();
			const target = step === 'copied' ? work : vaultNamed(device, 'Personal').id;
			await losing(world, device, `${target}/commits`, (rival, time) =>
				addTo(rival, target, `theirs ${String(time)}`)
			);
			const rows = rowsOf(device, 'Personal');
			expect(await vaults.move(rows, work)).toEqual({ outcome: 'conflict' });
			device.wire.before = undefined;
			expect(await vaults.move(rows, work)).toMatchObject({ outcome: 'moved', left: 0 });
			const found = await contents(world);
			expect(found['Work']?.slice(0, 2)).toEqual(['a', 'b']);
			expect(found['Work']?.filter((name) => !name.startsWith('theirs'))).toEqual(['a', 'b']);
		}
	);

	/** Two keys that stand in both vaults, because the network was gone between the two steps. */
	async function copied() {
		const made = await moving();
		made.cut.at(3, { answered: false, once: false });
		await made.vaults.move(rowsOf(made.device, 'Personal'), made.work).catch(() => undefined);
		made.cut.mend();
		return made;
	}

	test('goes on with what was copied, also with one of two', async () => {
		const { world, device, work, vaults } = await copied();
		await vaults.move([device.row('a')], work);
		expect(await contents(world)).toEqual({ Personal: ['b'], Work: ['a', 'b'] });
	});

	test('into another vault after all copies them there too', async () => {
		const { world, device, vaults } = await copied();
		const third = await make(device, 'Third');
		await vaults.move(rowsOf(device, 'Personal'), third);
		const both = ['a', 'b'];
		expect(await contents(world)).toEqual({ Personal: [], Work: both, Third: both });
	});

	test('after a lock remembers nothing of what was copied', async () => {
		const { world, device, work, vaults } = await copied();
		device.keyholder.lock();
		await device.unlock();
		await vaults.move(rowsOf(device, 'Personal'), work);
		expect(await contents(world)).toEqual({ Personal: [], Work: ['a', 'a', 'b', 'b'] });
	});

	test('copies a key anew that was changed since, its value or what is said of it', async () => {
		const { world, device, work, vaults } = await copied();
		await device.rewrite('a', 'a');
		const base = device.row('b');
		const overview = { ...base.overview, tags: ['new'] };
		await device.keyholder.save([{ kind: 'change', base, overview }]);
		await vaults.move(rowsOf(device, 'Personal'), work);
		expect(await contents(world)).toEqual({ Personal: [], Work: ['a', 'a', 'b', 'b'] });
	});

	test('copies a key anew whose copy was deleted', async () => {
		const { world, device, work, vaults } = await copied();
		const edits = rowsOf(device, 'Work').map((base) => ({ kind: 'drop', base }) as const);
		await device.keyholder.save(edits.slice(0, 1));
		await vaults.move(rowsOf(device, 'Personal'), work);
		expect(await contents(world)).toEqual({ Personal: [], Work: ['a', 'b'] });
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

	/** The secret of each of the two, the commit that copies them, and the one that drops them. */
	const REQUESTS = [0, 1, 2, 3];

	test('of two is of a known number of requests', async () => {
		const { device, work, vaults, cut } = await moving();
		cut.count = 0;
		await vaults.move(rowsOf(device, 'Personal'), work);
		expect(cut.count).toBe(REQUESTS.length);
	});

	describe.each([
		{ answered: false, once: true },
		{ answered: true, once: true },
		{ answered: false, once: false },
		{ answered: true, once: false }
	])('cut (%j)', (how) => {
		test.each(REQUESTS)('at request %i loses nothing, and a retry ends it', async (index) => {
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
		});
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

describe('the keys of a new vault', () => {
	test.each([
		['are held once it is made', 'arrives', 2],
		['are held once where the answer was lost, and it was read like any other', 'is lost', 2],
		['are gone if it is not made', 'is not sent', 0]
	])('%s', async (_, commit, more) => {
		const world = new World();
		const device = await world.account();
		device.keyholder.lock();
		const memory = new SecretMemory();
		try {
			await device.unlock();
			const held = memory.left();
			device.wire.before = (path) =>
				commit === 'is not sent' && path.endsWith('/account/commits')
					? Promise.reject(new TypeError('connection lost'))
					: Promise.resolve();
			device.wire.tamper = (_answer, { path }) =>
				commit === 'is lost' && path.endsWith('/account/commits') ? 'nothing' : undefined;
			const made = await device.keyholder.vaults.make('Work').catch((error: unknown) => error);
			expect(made).toMatchObject(more === 0 ? refusal('offline') : { outcome: 'made' });
			expect(memory.left().length - held.length).toBe(more);
			device.keyholder.lock();
			expect(memory.left()).toEqual([]);
		} finally {
			vi.restoreAllMocks();
		}
	});
});

describe('the room for vaults', () => {
	const of = (count: number) => () => {
		checkRoom({ vaults: Array.from({ length: count }) });
	};

	test('is for 64', () => {
		expect(of(63)).not.toThrow();
		const detail = { size: 65, limit: 64 };
		expect(of(64)).toThrow(expect.objectContaining({ ...refusal('full'), detail }));
	});
});
