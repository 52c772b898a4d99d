/** H13: a server that exchanges the wraps of an account's own vaults, or replays an older generation. */
import { describe, test } from 'vitest';
import { World, type Device } from './harness.ts';
import { changing, type Members } from './moves.ts';
import { copyOf, type StoredAccount, type StoredVault } from './reference-records.ts';
import { rotate } from './rotating.ts';
import { addVault } from './second-vault.ts';

/** A device that knows an account of two vaults, locked and signed out. */
async function twoVaults(): Promise<{ world: World; device: Device; vaults: StoredVault[] }> {
	const world = new World();
	const device = await world.account(['a']);
	await addVault(world);
	await device.keyholder.refresh();
	device.keyholder.lock();
	world.server.endSessions();
	return { world, device, vaults: [...world.stored().vaults.values()] };
}

async function refused(world: World, device: Device): Promise<void> {
	device.wire.tamper = changing('/account', (json) => json);
	await world.refused(device, 'integrity', () => device.unlock());
}

describe('a server that exchanges', () => {
	test('the wraps of two vaults of one account: refused', async () => {
		const { world, device, vaults } = await twoVaults();
		const [first, second] = vaults;
		if (first === undefined || second === undefined) throw new Error('no two vaults');
		[first.keyWrap, second.keyWrap] = [second.keyWrap, first.keyWrap];
		await refused(world, device);
	});

	test('two vaults of one account, wraps and all: refused', async () => {
		const { world, device } = await twoVaults();
		const { vaults } = world.stored();
		const [[idA, a] = [], [idB, b] = []] = [...vaults];
		if (idA === undefined || idB === undefined || !a || !b) throw new Error('no two vaults');
		vaults.set(idA, b).set(idB, a);
		await refused(world, device);
	});

	test('their ids in the list: refused', async () => {
		const { world, device } = await twoVaults();
		device.wire.tamper = changing('/account', (json) => {
			const [a, b] = json['vaults'] as Members[];
			return {
				...json,
				vaults: [
					{ ...a, id: b?.['id'] },
					{ ...b, id: a?.['id'] }
				]
			};
		});
		await world.refused(device, 'integrity', () => device.unlock());
	});
});

describe('after a rotation, a server that replays', () => {
	async function rotated(): Promise<{ world: World; device: Device; before: StoredAccount }> {
		const world = new World();
		const device = await world.account(['a']);
		await addVault(world);
		const before = copyOf(world.stored());
		await rotate(device);
		device.keyholder.lock();
		world.server.endSessions();
		return { world, device, before };
	}

	/** Puts what `change` makes of the vault of before in the place of each vault. */
	function replay(
		{ world, before }: { world: World; before: StoredAccount },
		change: (now: StoredVault, old: StoredVault) => StoredVault
	): void {
		const { vaults } = world.stored();
		for (const [id, now] of vaults) {
			const old = before.vaults.get(id);
			if (old !== undefined) vaults.set(id, change(now, old));
		}
	}

	test('wraps of the generation before: refused', async () => {
		const { world, device, before } = await rotated();
		replay({ world, before }, (now, { keyWrap }) => ({ ...now, keyWrap }));
		await refused(world, device);
	});

	test('vaults of the generation before, whole: refused', async () => {
		const { world, device, before } = await rotated();
		replay({ world, before }, (_, old) => old);
		await refused(world, device);
	});

	test('vaults of the generation before, under the wraps and the number of now: refused', async () => {
		const { world, device, before } = await rotated();
		replay({ world, before }, ({ keyWrap, generation }, old) => ({ ...old, keyWrap, generation }));
		device.wire.tamper = ({ json }, { path }) => (path.includes('/vaults/') ? { json } : undefined);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('one vault of the generation before: refused', async () => {
		const { world, device, before } = await rotated();
		const { vaults } = world.stored();
		const [id] = vaults.keys();
		const old = before.vaults.get(id ?? '');
		if (id === undefined || old === undefined) throw new Error('no vault');
		vaults.set(id, old);
		await refused(world, device);
	});

	test('wraps of the generation before to an account that is open: refused', async () => {
		const { world, device, before } = await rotated();
		await device.unlock();
		replay({ world, before }, (now, { keyWrap }) => ({ ...now, keyWrap }));
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'integrity', () => device.keyholder.refresh());
	});

	test('a secret of before: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = copyOf(world.stored());
		await rotate(device);
		replay({ world, before }, (now, { secrets }) => ({ ...now, secrets }));
		device.wire.tamper = changing('/secrets', (json) => json);
		await world.refused(device, 'integrity', () => device.valueOf('a'));
	});
});
