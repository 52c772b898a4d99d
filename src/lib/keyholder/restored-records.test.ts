import { describe, expect, test } from 'vitest';
import { EMAIL, PASSWORD, valueOf, World, type Device } from '../../../tests/hostile/harness.ts';
import { copyOf } from '../../../tests/hostile/reference-records.ts';
import { contentsOf } from '../../../tests/hostile/rotating.ts';
import { refusal } from '../../../tests/refusals.ts';

/** A device that has accepted what the server was set back to, and what that was. */
async function accepted(world: World, device: Device, lost: () => Promise<void>) {
	const backup = copyOf(world.stored());
	await lost();
	device.keyholder.lock();
	world.server.endSessions();
	world.putBack(backup);
	await device.keyholder.rotations.lookAtRestore(EMAIL, PASSWORD);
	const before = copyOf(world.stored());
	expect(await device.keyholder.rotations.acceptRestore()).toEqual({ outcome: 'accepted' });
	return before;
}

describe('an accepted restore', () => {
	test('raises the floor under each vault: what was before it opens on no device any more', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = await accepted(world, device, () => device.add('lost'));
		const [id, vault] = [...before.vaults][0] ?? [];
		if (id === undefined || vault === undefined) throw new Error('no vault');
		world.stored().vaults.set(id, vault);
		const other = world.device();
		await expect(other.unlock()).rejects.toMatchObject(refusal('rollback'));
	});

	test('leaves a vault as it is that nothing of is missing', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const { head } = world.storedVault().chain;
		await accepted(world, device, () => device.set({ theme: 'dark' }));
		expect(world.storedVault().chain.head).toBe(head);
	});

	test('has no settings where there were none', async () => {
		const world = new World();
		const device = await world.bareAccount();
		await accepted(world, device, () => device.add('lost'));
		expect(world.stored().settings).toBeUndefined();
		await device.add('a');
		expect(await contentsOf(world)).toEqual({ a: valueOf('a') });
	});

	test('goes on with every write at once, without another look', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await accepted(world, device, () => device.add('lost'));
		const sent = device.wire.requests().length;
		await device.add('b');
		await device.set({ theme: 'dark' });
		expect(device.wire.requests().slice(sent)).toEqual([
			`POST /api/v1/vaults/${device.vault.id}/commits`,
			'POST /api/v1/account/commits'
		]);
	});
});
