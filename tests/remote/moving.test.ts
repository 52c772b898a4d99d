/** From a file to a libSQL server, as docs/operations.md says: nothing is lost, and nobody notices. */
import { copyFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { perform } from '#lib/server/admin/perform.ts';
import { eventsOf } from '../server/asked.ts';
import { Host } from '../server/host.ts';
import { secret, sheet, someone, type Person } from '../server/person.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';

const KEYS = 40;

let before: Host;
let after: Host;
let sqld: Sqld;
let door: Door;
let person: Person;
let counted: ReadonlyMap<string, unknown>;
const items = Array.from({ length: KEYS }, () => secret());

beforeAll(async () => {
	before = await Host.open({ DATABASE_URL: '' });
	person = await someone(before);
	for (const item of items) {
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: [item] }));
	}
	counted = await countsOf(before);
	const copy = `${before.directory}/moved.db`;
	for await (const event of perform(before.server, { command: 'backup' })) {
		if (event.event === 'copy') copyFileSync(event.path, copy);
	}
	await before.stop();
	sqld = await Sqld.primary({ file: copy });
	await sqld.syncEachWrite('default');
	door = await Door.to(sqld);
	after = await Host.open({ DATABASE_URL: door.url('default') });
});

afterAll(async () => {
	await after.remove();
	await before.remove();
	door.close();
	await sqld.remove();
});

/** How many rows each table has. */
async function countsOf(host: Host): Promise<ReadonlyMap<string, unknown>> {
	const tables = await host.sql(
		"select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'libsql%'"
	);
	const counts = new Map<string, unknown>();
	for (const [name] of tables.map((row) => [row[0]])) {
		if (typeof name !== 'string') throw new Error('a table without a name');
		const [row] = await host.sql(`select count(*) from "${name}"`);
		counts.set(name, row?.[0]);
	}
	return counts;
}

describe.skipIf(SQLD_MISSING)('a server that moves', () => {
	test('finds every row of every table', async () => {
		expect(counted.get('secrets')).toBe(KEYS);
		expect(await countsOf(after)).toEqual(counted);
	});

	test('migrates nothing, and has not to warn of a disk that is not synced', () => {
		expect(after.lines.filter((line) => /migrated|sync/.test(line))).toEqual([]);
	});

	test('passes the check of the whole database', async () => {
		const events = await eventsOf(after, { command: 'check' });
		expect(events).toMatchObject([{ event: 'checked', findings: 0 }]);
	});

	test('makes no backup any more, and says whose that is', async () => {
		const events = await eventsOf(after, { command: 'backup' });
		const message = 'the database is on a libSQL server, which has backups of its own';
		expect(events).toEqual([{ event: 'fault', code: 'failed', message }]);
	});

	test('goes on with the sessions and vaults that were there', async () => {
		const there = Object.assign(Object.create(person) as Person, { host: after });
		expect((await there.getVault()).sheets).toHaveLength(KEYS);
		const { outcome } = await there.commit(there.commitOf({ sheets: [sheet()] }));
		expect(outcome).toBe('stored');
	});
});
