/** H08: a server that answers a copy with a value that is no longer, or never was, this key's. */
import { describe, expect, test } from 'vitest';
import { valueOf, World } from './harness.ts';
import { changing, vaultPath } from './moves.ts';

describe('a server that answers a copy', () => {
	test.each([
		['with its old revision', false],
		['under the new revision', true]
	])('with the value before the last, %s: refused', async (_, relabelled) => {
		const world = new World();
		const device = await world.account(['a']);
		const [[item, old] = []] = world.storedVault().secrets;
		await device.rewrite('a', 'new');
		const revision = relabelled ? 3 : old?.revision;
		device.wire.tamper = changing('/secrets', () => ({
			secrets: [{ item, blob: old?.blob, revision }]
		}));
		await world.refused(device, 'integrity', () => device.valueOf('a'));
	});

	test('with a revision that no commit has written: refused after one look at the vault', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.wire.tamper = changing('/secrets', (json) => ({
			secrets: (json['secrets'] as object[]).map((secret) => ({ ...secret, revision: 9 }))
		}));
		await world.refused(device, 'integrity', () => device.valueOf('a'), 1);
		expect(device.wire.requests().slice(-2)).toEqual([
			`POST /api/v1${vaultPath(world)}/secrets`,
			`GET /api/v1${vaultPath(world)}`
		]);
	});

	test('with too many, too few, or none: refused', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		const b = device.row('b').item;
		const extra = { item: b, ...world.storedVault().secrets.get(b) };
		const changes: ((secrets: object[]) => object[])[] = [
			() => [],
			(secrets) => [...secrets, ...secrets],
			(secrets) => [...secrets, extra],
			(secrets) => [extra, ...secrets]
		];
		for (const change of changes) {
			device.wire.forgeries = 0;
			device.wire.tamper = changing('/secrets', (json) => ({
				secrets: change(json['secrets'] as object[])
			}));
			await world.refused(device, 'integrity', () => device.valueOf('a'));
		}
	});

	test('with the newest, which another device has just written: it is shown, with the row that is its own', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const other = world.device();
		await other.unlock();
		await other.rewrite('a', 'new');
		const shown = device.row('a');
		const { row, secret } = await device.keyholder.read(shown, 'copy');
		expect(secret.fields[0]?.value).toBe(valueOf('new'));
		expect(row).toEqual({ ...other.row('a') });
		expect(row.revision).toBeGreaterThan(shown.revision);
		await world.expectSilent(device);
	});
});
