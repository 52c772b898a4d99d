import { describe, expect, test } from 'vitest';
import { PASSWORD, valueOf, World, type Device } from '../../../tests/hostile/harness.ts';
import { changing, type Members } from '../../../tests/hostile/moves.ts';
import { contentsOf, plan, standing, stepsOf } from '../../../tests/hostile/rotating.ts';

async function planned(names: readonly string[]): Promise<{ world: World; device: Device }> {
	const world = new World();
	const device = await world.account(names);
	await plan(device);
	return { world, device };
}

describe('reading for a rotation', () => {
	test('asks for five hundred secrets at a time, and leaves every one of them readable', async () => {
		const world = new World();
		const names = Array.from({ length: 501 }, (_, index) => `key ${String(index)}`);
		const device = await world.account(names);
		expect((await plan(device)).keys).toBe(501);
		const steps = await stepsOf(device);
		const read = steps.flatMap((each) => (each.step === 'reading' ? [each.done] : []));
		expect(read).toEqual([0, 500, 501]);
		expect(standing(world).generations).toEqual([2, 2]);
		const other = world.device();
		await other.unlock();
		await other.keyholder.prove(PASSWORD);
		const [vault] = await other.keyholder.readAll();
		const values = vault?.keys.map(({ overview, secret }) => [
			overview.name,
			secret.fields[0]?.value
		]);
		expect(new Map(values as [string, string][])).toEqual(
			new Map(names.map((name) => [name, valueOf(name)]))
		);
	});

	test('is over if another device has written one of them anew, and a second try reads that', async () => {
		const { world, device } = await planned(['a', 'b']);
		const rival = world.device();
		await rival.unlock();
		device.wire.before = async (path) => {
			if (!path.endsWith('/secrets')) return;
			device.wire.before = undefined;
			await rival.rewrite('b', 'theirs');
		};
		const sent = device.wire.exchanges.length;
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		const requests = device.wire.requests().slice(sent);
		expect(requests.filter((each) => each.endsWith('/parts'))).toEqual([]);
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		expect(await contentsOf(world)).toEqual({ a: valueOf('a'), b: valueOf('theirs') });
	});

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
