/** H12: a server that serves a vault which another key made, or swaps one right after it was made. */
import { describe, expect, test } from 'vitest';
import { errorOf, PASSWORD, World, type Device } from './harness.ts';
import { changing, vaultPath, type Members } from './moves.ts';
import { refusal } from '../refusals.ts';

/** The vault of another account, whole: manifest, chain and sheets. */
async function foreignVault(world: World) {
	await world.account(['theirs'], 'eve@example.org');
	return world.storedVault('eve@example.org');
}

describe('a server that serves a vault of another key', () => {
	test('in place of the account’s own: refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const [id] = world.stored().vaults.keys();
		world.stored().vaults.set(id ?? '', await foreignVault(world));
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('under the genuine key wrap: refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const foreign = await foreignVault(world);
		const [[id, own] = []] = world.stored().vaults;
		if (own) world.stored().vaults.set(id ?? '', { ...foreign, keyWrap: own.keyWrap });
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('beside the listed one: refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const foreign = await foreignVault(world);
		const [id] = world.stored('eve@example.org').vaults.keys();
		world.stored().vaults.set(id ?? '', foreign);
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('and hides the listed one: refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		world.stored().vaults.clear();
		device.wire.tamper = changing('/account', (json) => json);
		await world.refused(device, 'integrity', () => device.unlock());
	});
});

describe('a server that swaps an account right after it was registered', () => {
	async function registering(
		change: (device: Device, world: World) => Promise<void>
	): Promise<unknown> {
		const world = new World();
		const device = world.device();
		await device.keyholder.prepare('ada@example.org', PASSWORD);
		await change(device, world);
		const error = await errorOf(() => device.keyholder.register());
		await world.expectSilent(device);
		return error;
	}

	test('by another account of the same email: refused before anything is derived or signed', async () => {
		const error = await registering((device, world) => {
			device.wire.tamper = changing('/auth/challenge', (json) => ({
				...json,
				account: [...world.server.accounts.keys()][0]?.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))
			}));
			return Promise.resolve();
		});
		expect(error).toMatchObject(refusal('rollback'));
	});

	test('by a vault of another key: refused', async () => {
		const error = await registering(async (device, world) => {
			const foreign = await foreignVault(world);
			device.wire.tamper = changing('/account', (json: Members) => ({
				...json,
				vaults: (json['vaults'] as object[]).map((vault) => ({
					...vault,
					keyWrap: foreign.keyWrap
				}))
			}));
		});
		expect(error).toMatchObject(refusal('integrity'));
	});

	test('and says that it registered another one: refused', async () => {
		const error = await registering(async (device, world) => {
			await foreignVault(world);
			const account = world.stored('eve@example.org').id;
			device.wire.tamper = changing('/accounts', (json) => ({ ...json, account }));
		});
		expect(error).toMatchObject(refusal('integrity'));
	});
});
