/** The database file: one process, migrations, faults. */
import { spawn, type ChildProcess } from 'node:child_process';
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, LibsqlError } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect } from '#lib/server/db/client.ts';
import { Database } from '#lib/server/db/database.ts';
import { migrateDatabase, migrationsFolder } from '#lib/server/db/migrate.ts';
import { WriteQueue } from '#lib/server/db/queue.ts';
import { counters } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { Host } from './host.ts';
import { random, someone } from './person.ts';

vi.setConfig({ testTimeout: 60_000 });

const HOLD_LOCK = `
import { createClient } from '@libsql/client';
const client = createClient({ url: 'file:' + process.argv[1], concurrency: 1 });
try {
	await client.transaction('write');
	process.stdout.write('held');
	setInterval(() => {}, 1000);
} catch {
	process.stdout.write('refused');
}
`;

let directory: string;
const children: ChildProcess[] = [];

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), 'keyhold-database-'));
});

afterEach(() => {
	for (const child of children.splice(0)) child.kill('SIGKILL');
	rmSync(directory, { recursive: true, force: true });
});

/** Another process that takes the lock file as a server does; resolves to what it says. */
async function otherProcess(lock: string): Promise<{ child: ChildProcess; said: string }> {
	const child = spawn(process.execPath, ['--input-type=module', '-e', HOLD_LOCK, lock]);
	children.push(child);
	const said = await new Promise<string>((resolve) => {
		child.stdout.once('data', (data: Buffer) => {
			resolve(data.toString());
		});
	});
	return { child, said };
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	await new Promise((resolve) => child.once('exit', resolve));
}

describe('a second process on the same file', () => {
	test('is refused with a sentence that names the file', async () => {
		const host = await Host.open();
		await host.stop();
		const { said } = await otherProcess(join(host.directory, 'keyhold.lock'));
		expect(said).toBe('held');
		await expect(host.start()).rejects.toThrow(
			`another process is using ${host.file}: stop it first`
		);
		await host.remove();
	});

	test('cannot take the lock of a running server', async () => {
		const host = await Host.open();
		const { said } = await otherProcess(join(host.directory, 'keyhold.lock'));
		expect(said).toBe('refused');
		await host.remove();
	});

	test('frees the file when it is killed', async () => {
		const host = await Host.open();
		await host.stop();
		const { child } = await otherProcess(join(host.directory, 'keyhold.lock'));
		child.kill('SIGKILL');
		await ended(child);
		await host.start();
		expect(await host.server.ready()).toBe(true);
		await host.remove();
	});

	test('is refused within one process too', async () => {
		const host = await Host.open();
		await expect(Host.open({ DATABASE_URL: `file:${host.file}` })).rejects.toThrow(
			'another process'
		);
		await host.remove();
	});
});

describe('the files', () => {
	test('are for their owner only', async () => {
		const data = join(directory, 'deep', 'data');
		const client = await connect(`file:${data}/keyhold.db`);
		await client.execute('create table t (a)');
		expect(statSync(data).mode & 0o777).toBe(0o700);
		for (const name of readdirSync(data)) {
			expect(statSync(join(data, name)).mode & 0o777).toBe(0o600);
		}
		client.close();
	});

	test('are refused with a sentence where they cannot be made', async () => {
		writeFileSync(join(directory, 'plain'), '');
		await expect(connect(`file:${directory}/plain/keyhold.db`)).rejects.toThrow('cannot make');
	});

	test('are refused with a sentence where they are no database', async () => {
		writeFileSync(join(directory, 'keyhold.db'), random(8_192));
		await expect(connect(`file:${directory}/keyhold.db`)).rejects.toThrow('is it a database');
	});

	test('are written through: synced, with a log, references checked', async () => {
		const client = await connect(`file:${directory}/keyhold.db`);
		const value = async (name: string) => (await client.execute(`pragma ${name}`)).rows[0]?.[0];
		expect(await value('synchronous')).toBe(2);
		expect(await value('journal_mode')).toBe('wal');
		expect(await value('foreign_keys')).toBe(1);
		client.close();
	});
});

/** A copy of the migrations with one more. */
function withAnother(sql: string): string {
	const folder = join(directory, 'drizzle');
	cpSync(migrationsFolder(), folder, { recursive: true });
	const path = join(folder, 'meta', '_journal.json');
	const journal = JSON.parse(readFileSync(path, 'utf8')) as { entries: { when: number }[] };
	const last = journal.entries.at(-1);
	const entry = {
		...last,
		idx: journal.entries.length,
		when: (last?.when ?? 0) + 1,
		tag: '9999_x'
	};
	writeFileSync(path, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }));
	writeFileSync(join(folder, '9999_x.sql'), sql);
	return folder;
}

describe('migrateDatabase', () => {
	const now = Date.UTC(2026, 0, 2, 3, 4, 5);

	async function open() {
		const url = `file:${directory}/keyhold.db`;
		return { url, client: await connect(url) };
	}

	test('makes a new database and copies nothing', async () => {
		const { url, client } = await open();
		const { applied, copy } = await migrateDatabase(client, url, now);
		expect(applied).toBeGreaterThan(0);
		expect(copy).toBeUndefined();
		client.close();
	});

	test('changes nothing the second time', async () => {
		const { url, client } = await open();
		await migrateDatabase(client, url, now);
		expect(await migrateDatabase(client, url, now)).toEqual({ applied: 0, copy: undefined });
		client.close();
	});

	test('copies a database before it changes it', async () => {
		const { url, client } = await open();
		await migrateDatabase(client, url, now);
		await client.execute("insert into counters values (x'01', 7, 9)");
		const folder = withAnother('update counters set count = 8');
		const { copy } = await migrateDatabase(client, url, now, folder);
		expect(copy).toBe(`${directory}/keyhold.db.before-2026-01-02T03-04-05-000Z`);
		expect(statSync(copy ?? '').mode & 0o777).toBe(0o600);
		const before = createClient({ url: `file:${copy ?? ''}` });
		expect((await before.execute('select count from counters')).rows[0]?.[0]).toBe(7);
		expect((await client.execute('select count from counters')).rows[0]?.[0]).toBe(8);
		before.close();
		client.close();
	});

	test('that fails half way leaves the database as it was', async () => {
		const { url, client } = await open();
		await migrateDatabase(client, url, now);
		await client.execute("insert into counters values (x'01', 7, 9)");
		const folder = withAnother(
			'update counters set count = 8;--> statement-breakpoint\nselect nonsense'
		);
		await expect(migrateDatabase(client, url, now, folder)).rejects.toThrow();
		expect((await client.execute('select count from counters')).rows[0]?.[0]).toBe(7);
		expect(await migrateDatabase(client, url, now)).toEqual({ applied: 0, copy: undefined });
		client.close();
	});

	test('refuses a database that a newer version made', async () => {
		const { url, client } = await open();
		await migrateDatabase(client, url, now, withAnother('select 1'));
		await expect(migrateDatabase(client, url, now)).rejects.toThrow('a newer version of Keyhold');
		client.close();
	});
});

describe('Database', () => {
	async function open(onUnsafe: (error: unknown) => void = () => undefined) {
		const url = `file:${directory}/keyhold.db`;
		const client = await connect(url);
		await migrateDatabase(client, url, 0);
		return { client, database: new Database(client, onUnsafe) };
	}

	function row(count: number) {
		return { key: random(32), count, expiresAt: 1 };
	}

	test('writes all of a batch or nothing', async () => {
		const { client, database } = await open();
		const { orm } = database;
		const one = row(1);
		const { outcome } = await database.write([
			orm.insert(counters).values(one),
			orm.insert(counters).values(one)
		]);
		expect(outcome).toBe('constraint');
		expect(await orm.select().from(counters)).toHaveLength(0);
		client.close();
	});

	test('refuses writes that go past the queue', async () => {
		const { client, database } = await open();
		await expect(database.orm.insert(counters).values(row(1))).rejects.toThrow();
		await expect(database.orm.transaction(() => Promise.resolve())).rejects.toThrow();
		expect(await database.orm.select().from(counters)).toHaveLength(0);
		client.close();
	});

	test('keeps two hundred writes at once in order and loses none', async () => {
		const { client, database } = await open();
		const writes = Array.from({ length: 200 }, (_, count) =>
			database.write([database.orm.insert(counters).values(row(count))])
		);
		await Promise.all(writes);
		const rows = await database.orm.select().from(counters);
		expect(rows).toHaveLength(200);
		client.close();
	});

	test('is unsafe after the file was busy: it says so once and takes no more writes', async () => {
		const told: unknown[] = [];
		const { client, database } = await open((error) => told.push(error));
		vi.spyOn(client, 'batch').mockRejectedValueOnce(new LibsqlError('locked', 'SQLITE_BUSY'));
		const write = () => database.write([database.orm.insert(counters).values(row(1))]);
		await expect(write()).rejects.toMatchObject({ code: 'busy' });
		await expect(write()).rejects.toMatchObject({ code: 'busy' });
		expect(told).toHaveLength(1);
		expect(await database.answers()).toBe(false);
		client.close();
	});

	test('answers busy, with a time to come back, when the disk is full', async () => {
		const { client, database } = await open();
		vi.spyOn(client, 'batch').mockRejectedValueOnce(new LibsqlError('full', 'SQLITE_FULL'));
		const write = () => database.write([database.orm.insert(counters).values(row(1))]);
		await expect(write()).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 5 });
		expect((await write()).outcome).toBe('written');
		client.close();
	});

	test('finishes the writes that were asked for before it closes', async () => {
		const { database } = await open();
		const write = database.write([database.orm.insert(counters).values(row(1))]);
		await database.close();
		expect((await write).outcome).toBe('written');
	});
});

describe('WriteQueue', () => {
	const never = new Promise<never>(() => undefined);

	test('runs one write at a time, in order', async () => {
		const queue = new WriteQueue();
		const steps: string[] = [];
		const write = (name: string) => async () => {
			steps.push(`${name} begins`);
			await Promise.resolve();
			steps.push(`${name} ends`);
		};
		await Promise.all([queue.run(write('a')), queue.run(write('b'))]);
		expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
	});

	test('goes on after a write that failed', async () => {
		const queue = new WriteQueue();
		const failed = queue.run(() => Promise.reject(new Error('no')));
		const next = queue.run(() => Promise.resolve('yes'));
		await expect(failed).rejects.toThrow('no');
		expect(await next).toBe('yes');
	});

	test('is busy when a thousand wait', async () => {
		const queue = new WriteQueue(3_600_000);
		for (let n = 0; n < 1_000; n++) queue.run(() => never).catch(() => undefined);
		await expect(queue.run(() => Promise.resolve())).rejects.toThrow(ServerError);
	});

	test('gives up a write that does not answer, and goes on', async () => {
		const queue = new WriteQueue(10);
		await expect(queue.run(() => never)).rejects.toMatchObject({ code: 'busy' });
		expect(await queue.run(() => Promise.resolve('next'))).toBe('next');
	});

	test('takes nothing more once it is closed', async () => {
		const queue = new WriteQueue();
		await queue.close();
		await expect(queue.run(() => Promise.resolve())).rejects.toMatchObject({ code: 'busy' });
	});
});

describe('a request to a server whose database fails', () => {
	test('is answered 503 with a time to come back, and is not ready', async () => {
		const host = await Host.open();
		const person = await someone(host);
		const path = `/api/v1/vaults/${person.vault}`;
		vi.spyOn(host.server.database.orm, 'select').mockImplementation(() => {
			throw new ServerError('busy', 'gone', 5);
		});
		const response = await person.send(path);
		expect(response.status).toBe(503);
		expect(response.headers.get('retry-after')).toBe('5');
		vi.restoreAllMocks();
		vi.spyOn(host.server.database, 'answers').mockResolvedValue(false);
		expect((await host.send('/readyz')).status).toBe(503);
		vi.restoreAllMocks();
		await host.remove();
	});
});
