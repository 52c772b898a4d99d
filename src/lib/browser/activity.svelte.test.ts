import { describe, expect, test } from 'vitest';
import { Activity } from '#lib/browser/activity.svelte.ts';
import { dayOf } from '#lib/items/expiry.ts';
import type { ActivityLine } from '#lib/keyholder/views.ts';
import { World } from '../../../tests/browser/world.ts';

const QUARTER_MS = 900_000;

async function setUp() {
	const world = new World();
	await world.unlock();
	return { world, host: world.host, activity: new Activity(world.session, world.clock) };
}

function line(seq: number): ActivityLine {
	return { seq, atMs: 1, event: 'unlock' };
}

describe('the activity', () => {
	test('shows a page, and the next below it', async () => {
		const { host, activity } = await setUp();
		host.log = { lines: [line(9), line(8)], more: true, devices: [] };
		await activity.show({});
		host.log = { lines: [line(7)], more: false, devices: [] };
		await activity.next();
		expect(activity.lines?.map(({ seq }) => seq)).toEqual([9, 8, 7]);
		expect(activity.more).toBe(false);
		expect(host.asked.at(-1)).toBe('activity {"before":"8"}');
	});

	test('asks for days as moments of this device', async () => {
		const { host, activity } = await setUp();
		await activity.show({ kind: 'copied', from: '2026-03-01', until: '2026-03-01' });
		const from = new Date(2026, 2, 1).getTime();
		const until = new Date(2026, 2, 2).getTime();
		expect(host.asked).toContain(
			`activity ${JSON.stringify({ kind: 'copied', from: String(from), until: String(until) })}`
		);
	});

	test('adds up quarters of an hour to the days of the last year', async () => {
		const { world, host, activity } = await setUp();
		const now = world.clock.now();
		const quarter = Math.floor(now / QUARTER_MS);
		host.counts = [
			[quarter, 2],
			[quarter - 1, 3]
		];
		await activity.show({});
		expect(activity.days).toHaveLength(365);
		expect(activity.days.at(-1)).toEqual({ day: dayOf(now), count: 5 });
		expect(activity.count).toBe(5);
	});

	test('has a year of empty days, and no count, until it is known', async () => {
		const { activity } = await setUp();
		expect(activity.days).toHaveLength(365);
		expect(activity.count).toBeUndefined();
	});

	test('brings all pages for a file', async () => {
		const { host, activity } = await setUp();
		await activity.show({});
		const pages = [[line(3)], [line(2)], [line(1)]];
		host.pageOf = (at) => ({ lines: pages[at] ?? [], more: at < 2, devices: [] });
		expect((await activity.all())?.map(({ seq }) => seq)).toEqual([3, 2, 1]);
	});

	test('is forgotten at a lock', async () => {
		const { world, host, activity } = await setUp();
		host.log = { lines: [line(1)], more: false, devices: [] };
		await activity.show({ kind: 'shown' });
		world.session.lock();
		expect([activity.lines, activity.count, activity.filter]).toEqual([undefined, undefined, {}]);
	});
});
