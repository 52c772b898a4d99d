/** H06: a server that drops, repeats, reorders, invents or revives items and sheets. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ITEMS_PER_SHEET } from '#lib/api/limits.ts';
import type { KeyholderErrorCode } from '#lib/keyholder/errors.ts';
import { World } from './harness.ts';
import { changing, vaultPath } from './moves.ts';

interface ServedSheet {
	id: string;
	revision: number;
	blob: string;
}

async function refused(
	code: KeyholderErrorCode,
	change: (sheets: ServedSheet[]) => unknown[]
): Promise<void> {
	const world = new World();
	const names = Array.from({ length: 2 * ITEMS_PER_SHEET }, (_, index) => `key ${String(index)}`);
	const device = await world.knownDevice(names);
	device.wire.tamper = changing(vaultPath(world), (json) => ({
		...json,
		sheets: change(json['sheets'] as ServedSheet[])
	}));
	await world.refused(device, code, () => device.unlock());
}

describe('a server that changes which sheets there are', () => {
	test('drops one: refused', () => refused('integrity', (sheets) => sheets.slice(1)));

	test('drops all: refused, and nothing new is made', () => refused('integrity', () => []));

	test('repeats one: refused', () => refused('integrity', (sheets) => [...sheets, ...sheets]));

	test('repeats one in place of another: refused', () =>
		refused('integrity', ([first, second]) => [first, { ...second, blob: first?.blob }]));

	test('repeats one under a new id: refused', () =>
		refused('integrity', (sheets) => [
			...sheets,
			{ ...sheets[0], id: randomBytes(16).toString('base64url') }
		]));

	test('invents one: refused', () =>
		refused('integrity', (sheets) => [
			...sheets,
			{
				id: randomBytes(16).toString('base64url'),
				revision: 2,
				blob: Buffer.concat([Buffer.of(1), randomBytes(4_124)]).toString('base64url')
			}
		]));

	test('claims another revision of one: refused', () =>
		refused('integrity', ([first, second]) => [{ ...first, revision: 1 }, second]));

	test('serves them in another order: the account opens, with the same keys', async () => {
		const world = new World();
		const names = Array.from({ length: 2 * ITEMS_PER_SHEET }, (_, index) => `key ${String(index)}`);
		const device = await world.knownDevice(names);
		const before = device.pins.snapshot();
		device.wire.tamper = changing(vaultPath(world), (json) => ({
			...json,
			sheets: (json['sheets'] as ServedSheet[]).reverse()
		}));
		await device.unlock();
		expect(device.names).toEqual(names.sort());
		expect(device.pins.snapshot()).toBe(before);
	});

	test('revives a sheet whose last key was deleted: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const [old] = world.storedVault().sheets;
		await device.drop('a');
		device.keyholder.lock();
		world.server.endSessions();
		if (old) world.storedVault().sheets.set(...old);
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('withholds a sheet that changed, on refresh: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const other = world.device();
		await other.unlock();
		await other.rewrite('a', 'new');
		device.wire.tamper = changing(vaultPath(world), (json) => ({ ...json, sheets: [] }));
		await world.refused(device, 'integrity', () => device.keyholder.refresh());
	});

	test('withholds a listed secret: refused, and not taken for deleted', async () => {
		const world = new World();
		const device = await world.account(['a']);
		world.storedVault().secrets.clear();
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'integrity', () => device.valueOf('a'));
	});

	test('serves a secret that no sheet lists: it is never asked for', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const [secret] = world.storedVault().secrets.values();
		const stranger = randomBytes(16).toString('base64url');
		if (secret) world.storedVault().secrets.set(stranger, secret);
		await device.keyholder.refresh();
		expect(device.names).toEqual(['a']);
		expect(device.wire.sent()).not.toContain(stranger);
	});
});
