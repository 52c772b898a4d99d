/** H01: a server that chooses what a password is derived with. */
import { describe, expect, test } from 'vitest';
import type { KeyholderErrorCode } from '#lib/keyholder/errors.ts';
import { EMAIL, World, type Device } from './harness.ts';
import { changing, type Members } from './moves.ts';

async function refusedUnderived(
	world: World,
	device: Device,
	code: KeyholderErrorCode,
	change: (challenge: Members) => unknown
): Promise<void> {
	device.derived.length = 0;
	device.wire.tamper = changing('/auth/challenge', change);
	await world.refused(device, code, () => device.unlock());
	expect(device.derived).toEqual([]);
}

describe('a server that asks for another cost is refused before anything is derived', () => {
	test.each([0, 3, 7, 128, 255])('with profile %i, which is not in the table', async (profile) => {
		const world = new World();
		await world.account();
		await refusedUnderived(world, world.device(), 'kdf-refused', (json) => ({ ...json, profile }));
	});

	test.each([
		['no profile', undefined],
		['a profile of null', null],
		['a profile of text', '1'],
		['a profile of no byte', 256],
		['a negative profile', -1],
		['half a profile', 1.5]
	])('with %s', async (_, profile) => {
		const world = new World();
		await world.account();
		await refusedUnderived(world, world.device(), 'format', (json) => ({ ...json, profile }));
	});

	test.each(['memory', 'memoryKiB', 'iterations', 'passes', 'kdf', 'algorithm'])(
		'with a cost of its own named %s',
		async (name) => {
			const world = new World();
			await world.account();
			await refusedUnderived(world, world.device(), 'format', (json) => ({ ...json, [name]: 1 }));
		}
	);

	test('with a profile below the one that this device has used', async () => {
		const world = new World();
		const device = await world.knownDevice();
		for (const [hash, pin] of device.pins.emails) {
			device.pins.emails.set(hash, { ...pin, profile: 2 });
		}
		await refusedUnderived(world, device, 'kdf-refused', (json) => json);
	});

	test('a password of exactly 64 bytes is derived from like any other', async () => {
		const world = new World();
		const device = world.device();
		const password = 'a'.repeat(64);
		await device.keyholder.prepare(EMAIL, password);
		await device.keyholder.register();
		device.keyholder.lock();
		device.derived.length = 0;
		await device.unlock(EMAIL, password);
		expect(device.derived).toHaveLength(1);
		expect(device.wire.sent()).not.toContain('a'.repeat(32));
	});

	test('with an end of the challenge more than an hour away', async () => {
		const world = new World();
		await world.account();
		const later = (json: Members) => ({
			...json,
			expiresAtMs: Number(json['expiresAtMs']) + 3_600_000
		});
		await refusedUnderived(world, world.device(), 'clock', later);
	});
});
