/**
 * A write to a libSQL server that others kept waiting too long: nothing was written, so it is tried
 * again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LibsqlError, type Client } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect } from '#lib/server/db/client.ts';
import { Database } from '#lib/server/db/database.ts';
import { WriteLanes } from '#lib/server/db/lanes.ts';
import { migrateDatabase } from '#lib/server/db/migrate.ts';
import { counters } from '#lib/server/db/schema.ts';
import { random } from './person.ts';

let directory: string;
let file: Client;
let told: unknown[];

beforeEach(async () => {
	told = [];
	directory = mkdtempSync(join(tmpdir(), 'keyhold-waiting-'));
	const path = join(directory, 'keyhold.db');
	file = await connect(path);
	await migrateDatabase(file, `file:${path}`, 0);
});

afterEach(() => {
	file.close();
	rmSync(directory, { recursive: true, force: true });
});

/** A database whose client says that it is a server's. */
function shared(deadlineMs?: number): Database {
	file.protocol = 'http';
	const unsafe = (error: unknown) => told.push(error);
	return new Database(file, unsafe, new WriteLanes(deadlineMs));
}

async function write(database: Database): Promise<string> {
	const row = { key: random(32), count: 1, expiresAt: 1 };
	return (await database.write([database.orm.insert(counters).values(row)])).outcome;
}

describe('a write that was kept waiting', () => {
	const busy = new LibsqlError('database is locked', 'SQLITE_BUSY');

	test('is tried again, and written once, by a process that is as safe as before', async () => {
		vi.spyOn(file, 'batch').mockRejectedValueOnce(busy).mockRejectedValueOnce(busy);
		const database = shared();
		expect(await write(database)).toBe('written');
		expect(await database.orm.select().from(counters)).toHaveLength(1);
		expect(told).toEqual([]);
	});

	test('is given up after its deadline, and the next one is tried', async () => {
		const batch = vi.spyOn(file, 'batch').mockRejectedValue(busy);
		const database = shared(200);
		await expect(write(database)).rejects.toMatchObject({ code: 'busy' });
		batch.mockRestore();
		expect(await write(database)).toBe('written');
		expect(told).toEqual([]);
	});
});
