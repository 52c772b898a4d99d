/** The database file: one process at a time, for its owner only, migrated as a whole. */
import { spawn, type ChildProcess } from 'node:child_process';
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect } from '#lib/server/db/client.ts';
import { lockProcess } from '#lib/server/db/lock.ts';
import { migrateDatabase, migrationsFolder } from '#lib/server/db/migrate.ts';
import { Host } from './host.ts';
import { random } from './person.ts';

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

describe('a data directory', () => {
	test.each(['100%', 'a%20b', 'a#b', 'a?b', 'a b', 'ä', '?mode=memory', '%2e%2e'])(
		'may be called %s: the database is made in it and found again',
		async (name) => {
			const data = join(directory, name);
			const host = await Host.open({ DATA_DIR: data });
			await host.stop();
			expect(readdirSync(directory)).toEqual([name]);
			expect(statSync(join(data, 'keyhold.db')).size).toBeGreaterThan(0);
			await host.start({ DATA_DIR: data });
			expect(await host.server.ready()).toBe(true);
			await host.remove();
		}
	);
});

describe('the process lock', () => {
	test('is one for a directory, by whatever link it is reached', async () => {
		const link = join(directory, 'link');
		const host = await Host.open();
		symlinkSync(host.directory, link);
		await expect(Host.open({ DATA_DIR: link })).rejects.toThrow('another process');
		await host.remove();
	});

	test('is one for a file, by whatever link it is reached', async () => {
		const link = join(directory, 'other.db');
		const host = await Host.open();
		symlinkSync(host.file, link);
		await expect(Host.open({ DATABASE_URL: `file:${link}` })).rejects.toThrow('another process');
		await host.remove();
	});

	test('that cannot be taken for another reason does not blame another process', async () => {
		writeFileSync(join(directory, 'keyhold.lock'), random(8_192));
		const refused = lockProcess(`file:${directory}/keyhold.db`);
		await expect(refused).rejects.toThrow('cannot lock');
		await expect(refused).rejects.not.toThrow('another process');
	});
});

describe('the files', () => {
	test('are for their owner only', async () => {
		const data = join(directory, 'deep', 'data');
		const client = await connect(`${data}/keyhold.db`);
		await client.execute('create table t (a)');
		expect(statSync(data).mode & 0o777).toBe(0o700);
		for (const name of readdirSync(data)) {
			expect(statSync(join(data, name)).mode & 0o777).toBe(0o600);
		}
		client.close();
	});

	test('are refused with a sentence where they cannot be made', async () => {
		writeFileSync(join(directory, 'plain'), '');
		await expect(connect(`${directory}/plain/keyhold.db`)).rejects.toThrow('cannot make');
	});

	test('are refused with a sentence where they are no database', async () => {
		writeFileSync(join(directory, 'keyhold.db'), random(8_192));
		await expect(connect(`${directory}/keyhold.db`)).rejects.toThrow('is it a database');
	});

	test('are written through: synced, with a log, references checked', async () => {
		const client = await connect(`${directory}/keyhold.db`);
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
		const path = `${directory}/keyhold.db`;
		return { url: `file:${path}`, client: await connect(path) };
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
