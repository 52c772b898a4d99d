/** The chain of an account's log: rows from before it, and writes that come at once. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect } from '#lib/server/db/client.ts';
import { migrateDatabase } from '#lib/server/db/migrate.ts';
import { lastOf } from './asked.ts';
import { UNLIMITED } from './everything.ts';
import { Host } from './host.ts';
import { secret, someone } from './person.ts';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'keyhold-test-'));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

/** The migrations as they were before there was a chain. */
function earlier(): string {
	const migrations = join(folder, 'drizzle');
	mkdirSync(migrations);
	cpSync('drizzle', migrations, { recursive: true });
	const journal = join(migrations, 'meta', '_journal.json');
	const parsed = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { idx: number }[] };
	writeFileSync(journal, JSON.stringify({ ...parsed, entries: parsed.entries.slice(0, 2) }));
	return migrations;
}

test('rows from before there was a chain are kept, counted and left out of it', async () => {
	const path = join(folder, 'old.db');
	const url = `file:${path}`;
	const client = await connect(path);
	await migrateDatabase(client, url, 0, earlier());
	for (const account of ['a', 'b', 'a', 'a']) {
		await client.execute({
			sql: "insert into audit (at, account, event) values (1, ?, 'unlock')",
			args: [account]
		});
	}
	await migrateDatabase(client, url, 1);
	const rows = await client.execute('select account, seq, hash from audit order by id');
	expect(rows.rows.map((row) => [row[0], row[1], row[2]])).toEqual([
		['a', 1, null],
		['b', 1, null],
		['a', 2, null],
		['a', 3, null]
	]);
	const chains = await client.execute('select account, seq, forgotten_seq from audit_chains');
	expect(chains.rows.map((row) => [row[0], row[1], row[2]])).toEqual([
		['a', 3, 3],
		['b', 1, 1]
	]);
	client.close();
});

test('a hundred reads at once of two accounts leave two whole chains', async () => {
	const host = await Host.open(UNLIMITED);
	const people = [await someone(host), await someone(host)];
	const written = secret();
	for (const person of people) await person.commit(person.commitOf({ secrets: [written] }));
	const reads = people.flatMap((person) =>
		Array.from({ length: 50 }, () => person.readSecrets([written.item]))
	);
	await Promise.all(reads);
	const checked = await lastOf(host, { command: 'check' }, 'checked');
	expect(checked).toMatchObject({ findings: 0, auditRows: 106 });
	await host.remove();
});
