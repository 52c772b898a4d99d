/** H05: a server that swaps sealed records between items, sheets, vaults and revisions. */
import { describe, expect, test } from 'vitest';
import { ITEMS_PER_SHEET } from '#lib/api/limits.ts';
import { errorOf, World, type Device } from './harness.ts';
import { changing, vaultPath } from './moves.ts';
import type { StoredRecord } from './reference-records.ts';

function swap(records: Map<string, StoredRecord>, a: string, b: string): void {
	const [first, second] = [records.get(a), records.get(b)];
	if (first === undefined || second === undefined) throw new Error('nothing to swap');
	records.set(a, second).set(b, first);
}

/** A known device of an account with two sheets. */
async function twoSheets(world: World): Promise<Device> {
	const names = Array.from({ length: ITEMS_PER_SHEET + 1 }, (_, index) => `key ${String(index)}`);
	return await world.knownDevice(names);
}

describe('a server that swaps secrets is refused on copy', () => {
	test.each([
		['as they are', false],
		['and claims the revision that the sheet names', true]
	])('between two items, %s', async (_, relabelled) => {
		const world = new World();
		const device = await world.account(['a']);
		await device.add('b');
		const [a, b] = [device.row('a').item, device.row('b').item];
		const { secrets } = world.storedVault();
		const [ofA, ofB] = [secrets.get(a), secrets.get(b)];
		swap(secrets, a, b);
		if (relabelled && ofA && ofB) {
			secrets.set(a, { ...ofB, revision: ofA.revision });
			secrets.set(b, { ...ofA, revision: ofB.revision });
		}
		device.wire.tamper = changing('/secrets', (json) => json);
		await world.refused(device, 'integrity', () => device.valueOf('b'));
	});

	test('and answers with the item that was not asked for', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		const other = device.row('b').item;
		const served = world.storedVault().secrets.get(other);
		device.wire.tamper = changing('/secrets', () => ({ secrets: [{ item: other, ...served }] }));
		await world.refused(device, 'integrity', () => device.valueOf('a'));
	});

	test('between two accounts', async () => {
		const world = new World();
		const device = await world.account(['a']);
		await world.account(['a'], 'eve@example.org');
		const [foreign] = world.storedVault('eve@example.org').secrets.values();
		device.wire.tamper = changing('/secrets', () => ({
			secrets: [{ item: device.row('a').item, ...foreign }]
		}));
		await world.refused(device, 'integrity', () => device.valueOf('a'));
	});

	test('but the keys whose secrets are genuine can still be read', async () => {
		const world = new World();
		const device = await world.account(['a', 'b', 'c']);
		const { secrets } = world.storedVault();
		swap(secrets, device.row('a').item, device.row('b').item);
		await errorOf(() => device.valueOf('a'));
		expect(await device.valueOf('c')).toContain('c');
	});
});

describe('a server that swaps sheets is refused on unlock', () => {
	test.each([
		['as they are', false],
		['and claims the revision that the manifest names', true]
	])('between two sheets, %s', async (_, relabelled) => {
		const world = new World();
		const device = await twoSheets(world);
		const { sheets } = world.storedVault();
		const [a, b] = [...sheets.keys()];
		swap(sheets, a ?? '', b ?? '');
		if (relabelled) for (const [id, sheet] of sheets) sheets.set(id, { ...sheet, revision: 2 });
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('between two accounts', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		await world.account(['a'], 'eve@example.org');
		const [foreign] = world.storedVault('eve@example.org').sheets.values();
		const { sheets } = world.storedVault();
		for (const id of sheets.keys()) if (foreign) sheets.set(id, foreign);
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('for the one before the last commit', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const old = new Map(world.storedVault().sheets);
		await device.add('b');
		device.keyholder.lock();
		world.server.endSessions();
		const { sheets } = world.storedVault();
		for (const [id, sheet] of old) sheets.set(id, { ...sheet, revision: 3 });
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('for a secret, which is sealed under another key', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const [secret] = world.storedVault().secrets.values();
		device.wire.tamper = changing(vaultPath(world), (json) => ({
			...json,
			sheets: (json['sheets'] as object[]).map((sheet) => ({ ...sheet, blob: secret?.blob }))
		}));
		await world.refused(device, 'format', () => device.unlock());
	});
});
