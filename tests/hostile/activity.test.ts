/** The activity log, with the real server: notes open where they were written, and nowhere else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActivityNote } from '#lib/items/activity-note.ts';
import { browserOf } from '../server/browser-of.ts';
import { Host } from '../server/host.ts';
import { Person } from '../server/person.ts';
import { Device, EMAIL, PASSWORD } from './harness.ts';

let host: Host;
let device: Device;

beforeAll(async () => {
	host = await Host.open();
	// The first account of a server needs its set-up code.
	await new Person(host).register();
	device = new Device(browserOf(host), undefined, { now: () => Date.now() });
	await device.keyholder.prepare(EMAIL, PASSWORD);
	await device.keyholder.register();
	await device.add('a', 'b');
}, 60_000);

afterAll(async () => {
	await host.remove();
});

function noteOf(name: string): ActivityNote {
	return { act: 'copied', item: device.row(name).item, form: 'value', field: `field of ${name}` };
}

async function notesIn(): Promise<(ActivityNote | undefined)[]> {
	const { lines } = await device.keyholder.affairs.activity({ kind: 'copied' });
	return lines.filter(({ event }) => event === 'note').map(({ note }) => note);
}

describe('a note', () => {
	test('comes back as it was written, and the server holds nothing of it in the clear', async () => {
		const vault = device.row('a').vault;
		await device.keyholder.affairs.note(vault, noteOf('a'));
		await device.keyholder.affairs.note(vault, noteOf('b'));
		expect(await notesIn()).toEqual([noteOf('b'), noteOf('a')]);
		const [sent] = device.wire.exchanges.filter(({ path }) => path.endsWith('/notes'));
		expect(JSON.stringify(sent)).not.toContain('field of');
	});

	test('that a server gives to another key is not believed', async () => {
		const [a, b] = [device.row('a').item, device.row('b').item];
		await host.sql(
			`update audit set item = case item when ? then ? else ? end where event = 'note'`,
			[a, b, a]
		);
		expect(await notesIn()).toEqual([undefined, undefined]);
		await host.sql(
			`update audit set item = case item when ? then ? else ? end where event = 'note'`,
			[a, b, a]
		);
	});

	test('that a server gives to another line is not believed', async () => {
		await host.sql(
			`update audit set note = (select min(other.note) from audit other where other.note is not null)
			 where event = 'note'`
		);
		expect((await notesIn()).filter((note) => note !== undefined)).toHaveLength(1);
	});

	test('is counted with the other lines, by quarters of an hour', async () => {
		const counts = await device.keyholder.affairs.activityCounts({ kind: 'copied' });
		expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(2);
	});
});
