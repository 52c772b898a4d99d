/** H16: a server that changes what stands beside the sealed records. */
import { describe, expect, test } from 'vitest';
import { World } from './harness.ts';
import { changing, vaultPath, type Members } from './moves.ts';

describe('a server that changes its own columns', () => {
	test('names another email: the one that was typed is shown', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		device.wire.tamper = changing('/account', (json) => ({ ...json, email: 'eve@evil.example' }));
		expect((await device.unlock()).email).toBe('ada@example.org');
		expect(JSON.stringify(device.keyholder.view())).not.toContain('evil');
	});

	test('turns every list around: what is shown is the same', async () => {
		const world = new World();
		const device = await world.account(['a', 'b', 'c']);
		await device.drop('b');
		const view = device.keyholder.view();
		device.keyholder.lock();
		world.server.endSessions();
		const turned = (json: unknown): Members =>
			Object.fromEntries(
				Object.entries(json as Members).map(([name, value]) => [
					name,
					// A chain is in order by what it is.
					Array.isArray(value) && name !== 'chain' ? value.toReversed() : value
				])
			);
		device.wire.tamper = ({ json, status }) => (status < 300 ? { json: turned(json) } : undefined);
		expect(await device.unlock()).toEqual(view);
	});

	test('claims another seq of the account or of a vault: refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		for (const path of ['/account', vaultPath(world)]) {
			for (const by of [-1, 1, 1_000]) {
				world.server.endSessions();
				device.wire.forgeries = device.wire.sentAfterForgery = 0;
				device.wire.tamper = changing(path, (json) => {
					const manifest = json['manifest'] as { seq: number };
					return { ...json, manifest: { ...manifest, seq: manifest.seq + by } };
				});
				await world.refused(device, 'integrity', () => device.unlock());
			}
		}
	});

	test('claims another generation: refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		device.wire.tamper = changing('/account', (json) => ({ ...json, generation: 2 }));
		await world.refused(device, 'integrity', () => device.unlock());
		device.wire.forgeries = device.wire.sentAfterForgery = 0;
		world.server.endSessions();
		device.wire.tamper = changing(vaultPath(world), (json) => ({
			...json,
			manifest: { ...(json['manifest'] as object), generation: 2 }
		}));
		await world.refused(device, 'integrity', () => device.unlock());
	});
});
