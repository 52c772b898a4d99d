import { describe, expect, test } from 'vitest';
import { type Device, World } from '../../../tests/hostile/harness.ts';
import { changing, type Members } from '../../../tests/hostile/moves.ts';
import { contentsOf, plan } from '../../../tests/hostile/rotating.ts';

async function planned(names: readonly string[]): Promise<{ world: World; device: Device }> {
	const world = new World();
	const device = await world.account(names);
	await plan(device);
	return { world, device };
}

describe('reading for a rotation', () => {
	test('asks for nothing of a vault that is empty', async () => {
		const { device } = await planned([]);
		await device.keyholder.rotations.run();
		expect(device.wire.requests().filter((each) => each.endsWith('/secrets'))).toEqual([]);
	});

	test('does not take a secret that is withheld for one that was deleted', async () => {
		const { world, device } = await planned(['a', 'b']);
		const kept = world.storedVault().secrets;
		const [item] = kept.keys();
		kept.delete(item ?? '');
		device.wire.tamper = changing('/secrets', (json) => json);
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject({
			code: 'integrity',
			message: expect.stringContaining('missing') as unknown
		});
	});

	test('does not believe that a secret is newer than the vault', async () => {
		const { device } = await planned(['a', 'b']);
		device.wire.tamper = changing('/secrets', ({ secrets }) => ({
			secrets: (secrets as Members[]).map((each, index) => ({
				...each,
				revision: Number(each['revision']) + index
			}))
		}));
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject({
			code: 'integrity',
			message: expect.stringContaining('newer') as unknown
		});
		expect(device.wire.requests().at(-1)).toMatch(/GET .*\/vaults\/[^/]+$/);
	});

	test('ends nothing but itself where one secret is spoiled', async () => {
		const { world, device } = await planned(['a', 'b']);
		device.wire.tamper = changing('/secrets', ({ secrets }) => ({
			secrets: (secrets as Members[]).map((each) => ({ ...each, revision: 1 }))
		}));
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject({ code: 'integrity' });
		device.wire.tamper = undefined;
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(Object.keys(await contentsOf(world))).toEqual(['a', 'b']);
	});
});
