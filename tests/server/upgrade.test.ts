/**
 * A database of the first version, with people in it, is brought to this one: everything is still
 * there, and everyone comes in as before. Such a database is made by taking away what the later
 * migrations add, the newest first, and it is compared with one that the first one alone makes.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { check } from '#lib/server/admin/check.ts';
import { connect } from '#lib/server/db/client.ts';
import { migrateDatabase, migrationsFolder } from '#lib/server/db/migrate.ts';
import { migrations, takeBackTo } from '../earlier.ts';
import { Host } from './host.ts';
import { secret, secretsOf, sheet, someone, type Person } from './person.ts';

const written = secret();
let host: Host;
let person: Person;
let before: string;

beforeAll(async () => {
	host = await Host.open();
	person = await someone(host);
	await person.commit(person.commitOf({ sheets: [sheet()], secrets: [written] }));
	await host.stop();
	await takeBackTo(1, host.file);
	before = await shapeOf(host.file);
	host.lines.length = 0;
	await host.start();
});

afterAll(async () => {
	await host.remove();
});

/** Every column of every table, and every index. */
async function shapeOf(file: string): Promise<string> {
	const client = await connect(file);
	const { rows } = await client.execute(
		`select m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk
		from sqlite_master m join pragma_table_info(m.name) c
		where m.type = 'table' and m.name not like 'sqlite%' order by m.name, c.name`
	);
	const indexes = await client.execute(
		"select name, tbl_name from sqlite_master where type = 'index' order by name"
	);
	client.close();
	return JSON.stringify([
		rows.map((row) => Array.from(row)),
		indexes.rows.map((row) => Array.from(row))
	]);
}

test('what was brought up was a database of the version before', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'keyhold-upgrade-'));
	const alone = join(folder, 'drizzle');
	cpSync(migrationsFolder(), alone, { recursive: true });
	const journal = join(alone, 'meta', '_journal.json');
	const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: unknown[] };
	writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, 1) }));
	const path = `${folder}/keyhold.db`;
	const client = await connect(path);
	await migrateDatabase(client, `file:${path}`, 0, alone);
	client.close();
	expect(before).toBe(await shapeOf(path));
	rmSync(folder, { recursive: true });
});

test('it says so in the log, and keeps a copy of what was there', () => {
	const line = host.lines.find((text) => text.includes('"migrated"'));
	expect(JSON.parse(line ?? '{}')).toMatchObject({ applied: migrations().length - 1 });
	expect(readdirSync(host.directory).some((name) => name.includes('.before-'))).toBe(true);
});

test('a session that was open goes on', async () => {
	expect((await person.getVault()).manifest.seq).toBe(person.seq);
});

test('the owner signs in and reads what was sealed before', async () => {
	await person.signIn();
	const { secrets } = await secretsOf(await person.readSecrets([written.item]));
	expect(secrets.map(({ blob }) => blob)).toEqual([written.blob]);
});

test('the owner goes on writing', async () => {
	expect((await person.commit(person.commitOf({ sheets: [sheet()] }))).outcome).toBe('stored');
});

test('the check of the whole database finds nothing', async () => {
	const found = [];
	for await (const event of check(host.server)) found.push(event);
	expect(found).toEqual([expect.objectContaining({ event: 'checked', findings: 0 })]);
});
