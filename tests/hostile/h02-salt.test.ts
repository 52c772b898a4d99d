/** H02: a server that hands out salts so that one guess tries many accounts. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PASSWORD, World } from './harness.ts';
import { changing } from './moves.ts';

describe('a server that chooses salts', () => {
	test('gives two emails one salt: what is derived from still differs', async () => {
		const world = new World();
		const [ada, eve] = [world.device(), world.device()];
		const salt = randomBytes(16).toString('base64url');
		for (const device of [ada, eve]) {
			device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, salt }));
		}
		await ada.keyholder.unlock('ada@example.org', PASSWORD);
		await eve.keyholder.unlock('eve@example.org', PASSWORD);
		expect(ada.derived).toHaveLength(1);
		expect(eve.derived).toHaveLength(1);
		expect(ada.derived[0]).not.toBe(eve.derived[0]);
	});

	test.each([0, 8, 15, 17, 32])('gives one of %i bytes: refused', async (length) => {
		const world = new World();
		await world.account();
		const device = world.device();
		const salt = randomBytes(length).toString('base64url');
		device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, salt }));
		await world.refused(device, 'format', () => device.unlock());
		expect(device.derived).toEqual([]);
	});

	test('gives another one to a known email: nothing opens, nothing is learnt', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const salt = randomBytes(16).toString('base64url');
		device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, salt }));
		const before = device.pins.snapshot();
		expect(await device.keyholder.unlock('ada@example.org', PASSWORD)).toEqual({
			outcome: 'wrong-password'
		});
		expect(device.pins.snapshot()).toBe(before);
		await world.expectSilent(device);
	});

	test('lists another one beside the account than it challenged with: refused', async () => {
		const world = new World();
		const device = await world.knownDevice();
		const salt = randomBytes(16).toString('base64url');
		device.wire.tamper = changing('/account', (json) => ({
			...json,
			slots: (json['slots'] as object[]).map((slot) => ('salt' in slot ? { ...slot, salt } : slot))
		}));
		await world.refused(device, 'integrity', () => device.unlock());
	});
});
