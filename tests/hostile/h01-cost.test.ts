/** H01: a server that chooses what a password is derived with. */
import { describe, expect, test } from 'vitest';
import { World, type Device } from './harness.ts';
import { changing } from './moves.ts';

async function refusedBeforeDeriving(
	world: World,
	device: Device,
	code: 'kdf-refused' | 'format',
	change: object
): Promise<void> {
	device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, ...change }));
	await world.refused(device, code, () => device.unlock());
	expect(device.derived).toEqual([]);
}

describe('a server that asks for another cost', () => {
	test.each([0, 3, 7, 128, 255])(
		'is refused with profile %i before anything is derived',
		async (profile) => {
			const world = new World();
			await world.account();
			await refusedBeforeDeriving(world, world.device(), 'kdf-refused', { profile });
		}
	);
});
