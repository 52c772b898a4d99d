/** Reads, writes and what becomes of them when the database fails. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { LibsqlError } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect, openFile } from '#lib/server/db/client.ts';
import { Database } from '#lib/server/db/database.ts';
import { migrateDatabase } from '#lib/server/db/migrate.ts';
import { WriteQueue } from '#lib/server/db/queue.ts';
import { counters } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { Host } from './host.ts';
import { random, someone } from './person.ts';

vi.setConfig({ testTimeout: 60_000 });

let directory: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), 'keyhold-database-'));
});

afterEach(() => {
	rmSync(directory, { recursive: true, force: true });
});

describe('Database', () => {
	function path(): string {
		return join(directory, 'keyhold.db');
	}

	async function open(onUnsafe: (error: unknown) => void = () => undefined) {
		const url = `file:${path()}`;
		const client = await connect(path());
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

	describe('in turns', () => {
		async function openWithAnother() {
			const url = `file:${path()}`;
			const client = await connect(path());
			await migrateDatabase(client, url, 0);
			const told: unknown[] = [];
			const onUnsafe = (error: unknown) => told.push(error);
			const database = new Database(client, onUnsafe, undefined, () => connect(path()));
			return { client, database, told };
		}

		test('writes all of it or nothing', async () => {
			const { client, database, told } = await openWithAnother();
			const { orm } = database;
			const one = row(1);
			const insert = () => orm.insert(counters).values(one);
			expect(await database.writeInTurns([insert(), insert()])).toMatchObject({
				outcome: 'constraint'
			});
			expect(await orm.select().from(counters)).toHaveLength(0);
			expect((await database.writeInTurns([insert()])).outcome).toBe('written');
			expect(await orm.select().from(counters)).toHaveLength(1);
			expect(told).toEqual([]);
			client.close();
		});

		test('lets others read what was there before, and keeps their writes waiting', async () => {
			const { client, database } = await openWithAnother();
			const { orm } = database;
			const done: string[] = [];
			const rows = Array.from({ length: 20 }, (_, each) => orm.insert(counters).values(row(each)));
			const long = database.writeInTurns(rows).then(() => done.push('long'));
			const short = database
				.write([orm.insert(counters).values(row(99))])
				.then(() => done.push('short'));
			const counts = new Set<number>();
			while (done.length === 0) {
				await nextTurn();
				counts.add((await orm.select().from(counters)).length);
			}
			await Promise.all([long, short]);
			expect([...counts].filter((count) => count < 20)).toEqual([0]);
			expect(done).toEqual(['long', 'short']);
			expect(await orm.select().from(counters)).toHaveLength(21);
			client.close();
		});

		test('has no deadline: the next write would find its transaction open', async () => {
			const url = `file:${path()}`;
			const client = await connect(path());
			await migrateDatabase(client, url, 0);
			const anew = async () => {
				await wait(50);
				return await connect(path());
			};
			const database = new Database(client, () => undefined, new WriteQueue(10), anew);
			const one = database.orm.insert(counters).values(row(1));
			expect((await database.writeInTurns([one])).outcome).toBe('written');
			client.close();
		});
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

	test('is unsafe after another process kept the file: it says so once and takes no more writes', async () => {
		const told: unknown[] = [];
		const { client } = await open();
		client.close();
		const [own, other] = [openFile(path(), 0), openFile(path(), 0)];
		const database = new Database(own, (error) => told.push(error));
		const held = await other.transaction('write');
		const write = () => database.write([database.orm.insert(counters).values(row(1))]);
		await expect(write()).rejects.toMatchObject({ code: 'busy' });
		await held.rollback();
		await expect(write()).rejects.toMatchObject({ code: 'busy' });
		expect(told).toMatchObject([{ code: 'SQLITE_BUSY' }]);
		expect(await database.takesWrites()).toBe(false);
		own.close();
		other.close();
	});

	test.each(['IOERR', 'IOERR_FSYNC', 'IOERR_WRITE', 'CANTOPEN', 'PROTOCOL', 'CORRUPT', 'NOTADB'])(
		'is unsafe after a disk that answers SQLITE_%s: what it says later cannot be believed',
		async (code) => {
			const told: unknown[] = [];
			const { client, database } = await open((error) => told.push(error));
			const batch = vi.spyOn(client, 'batch');
			batch.mockRejectedValueOnce(new LibsqlError('input/output', `SQLITE_${code}`));
			const write = () => database.write([database.orm.insert(counters).values(row(1))]);
			await expect(write()).rejects.toMatchObject({ code: 'busy' });
			await expect(write()).rejects.toMatchObject({ code: 'busy' });
			expect(told).toHaveLength(1);
			expect(batch).toHaveBeenCalledTimes(1);
			client.close();
		}
	);

	test('answers busy, with a time to come back, while the disk is full, and goes on after', async () => {
		const told: unknown[] = [];
		const { client, database } = await open((error) => told.push(error));
		const pages = (await client.execute('PRAGMA page_count')).rows[0]?.[0];
		const limit = (count: unknown) => client.execute(`PRAGMA max_page_count = ${Number(count)}`);
		const large = { ...row(1), key: random(100_000) };
		const write = () => database.write([database.orm.insert(counters).values(large)]);
		await limit(pages);
		await expect(write()).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 5 });
		expect(await database.orm.select().from(counters)).toHaveLength(0);
		await limit(1_000_000);
		expect((await write()).outcome).toBe('written');
		expect(told).toHaveLength(0);
		client.close();
	});

	test('gives up a read that does not answer, as it does a write', async () => {
		const { client } = await open();
		vi.spyOn(client, 'batch').mockReturnValue(new Promise(() => undefined));
		vi.spyOn(client, 'execute').mockReturnValue(new Promise(() => undefined));
		const database = new Database(client, () => undefined, new WriteQueue(10));
		const answer = { code: 'busy', retryAfterSeconds: 2 };
		const single = database.orm.select().from(counters);
		await expect(single).rejects.toMatchObject({ cause: answer });
		const read = database.orm.select().from(counters);
		await expect(database.snapshot([read])).rejects.toMatchObject(answer);
		client.close();
	});

	test('answers busy while the file may only be read, and goes on after', async () => {
		const told: unknown[] = [];
		const { client, database } = await open((error) => told.push(error));
		const write = () => database.write([database.orm.insert(counters).values(row(1))]);
		await client.execute('PRAGMA query_only = 1');
		await expect(write()).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 5 });
		expect(await database.takesWrites()).toBe(false);
		expect(await database.orm.select().from(counters)).toHaveLength(0);
		await client.execute('PRAGMA query_only = 0');
		expect((await write()).outcome).toBe('written');
		expect(told).toHaveLength(0);
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
	test('is answered 503 with a time to come back', async () => {
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
		await host.remove();
	});
});
