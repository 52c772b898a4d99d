/** H08: a server that answers a copy with a value that is no longer, or never was, this key's. */
import { describe, expect, test } from 'vitest';
import { valueOf, World } from './harness.ts';
import { changing, vaultPath } from './moves.ts';
import { refusal } from '../refusals.ts';

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

	test.each([
		['none', () => []],
		['one twice', (asked: object) => [asked, asked]],
		['one too many', (asked: object, extra: object) => [asked, extra]],
		['another first', (asked: object, extra: object) => [extra, asked]]
	] as const)('with too many, too few, or none: refused (%s)', async (_, change) => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		const b = device.row('b').item;
		const extra = { item: b, ...world.storedVault().secrets.get(b) };
		device.wire.tamper = changing('/secrets', (json) => ({
			secrets: (json['secrets'] as object[]).flatMap((asked) => change(asked, extra))
		}));
		await world.refused(device, 'integrity', () => device.valueOf('a'));
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

	test('with the newest, and a third device writes before the look: the very newest is shown', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const other = world.device();
		await other.unlock();
		await other.rewrite('a', 'new');
		device.wire.tamper = async (_, { path }) => {
			if (!path.endsWith('/secrets')) return undefined;
			device.wire.tamper = undefined;
			await other.rewrite('a', 'newest');
			return undefined;
		};
		expect(await device.valueOf('a')).toBe(valueOf('newest'));
		expect(device.row('a').revision).toBe(4);
	});

	test('always with one that is older than its own vault: refused at the second', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const other = world.device();
		await other.unlock();
		await other.rewrite('a', 'new');
		const [[item, stale] = []] = world.storedVault().secrets;
		await other.rewrite('a', 'newest');
		device.wire.tamper = changing('/secrets', () => ({ secrets: [{ item, ...stale }] }));
		await expect(device.valueOf('a')).rejects.toMatchObject(refusal('integrity'));
		expect(device.wire.sentAfterForgery).toBe(2);
	});
});
