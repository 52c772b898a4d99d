/** Statements that are kept once they are prepared. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect } from '#lib/server/db/client.ts';
import { keepStatements } from '#lib/server/db/statements.ts';

/** A connection that prepares nothing, and is asked whether it was to. */
function watched(returnsRows = true) {
	const raw = () => {
		if (!returnsRows) throw new Error('The raw() method is only for statements that return data');
	};
	const prepare = vi.fn((text: string) => ({ text, raw }));
	const connection = {
		prepare: prepare as (text: string) => { raw(on: boolean): unknown },
		close: vi.fn()
	};
	keepStatements(connection);
	return { connection, prepare };
}

describe('a connection that keeps statements', () => {
	test('prepares a text once', () => {
		const { connection, prepare } = watched();
		expect(connection.prepare('select 1')).toBe(connection.prepare('select 1'));
		expect(prepare).toHaveBeenCalledTimes(1);
	});

	test('says again what the driver said of a statement without rows', () => {
		const { connection } = watched(false);
		const statement = connection.prepare('delete from a');
		expect(() => statement.raw(true)).toThrow('no rows');
	});

	test('keeps none that writes several rows', () => {
		const { connection, prepare } = watched();
		for (let n = 0; n < 2; n++) connection.prepare('insert into a values (?, ?), (?, ?)');
		expect(prepare).toHaveBeenCalledTimes(2);
	});

	test('keeps none beyond a transaction that is undone', () => {
		const { connection, prepare } = watched();
		for (const text of ['select 1', 'ROLLBACK', 'select 1']) connection.prepare(text);
		expect(prepare).toHaveBeenCalledTimes(3);
	});

	test('keeps two hundred, and lets go of the oldest first', () => {
		const { connection, prepare } = watched();
		for (let n = 0; n <= 200; n++) connection.prepare(`select ${n}`);
		connection.prepare('select 1');
		expect(prepare).toHaveBeenCalledTimes(201);
		connection.prepare('select 0');
		expect(prepare).toHaveBeenCalledTimes(202);
	});
});

describe('a statement of a file that is used again', () => {
	let directory: string;
	let client: Client;
	const put = (key: number, value: string | null) => ({
		sql: 'insert into pairs (key, value) values (?, ?)',
		args: [key, value]
	});
	const read = async () => {
		const { rows } = await client.execute('select key, value from pairs order by key');
		return rows.map(({ key, value }) => [key, value]);
	};

	beforeEach(async () => {
		directory = mkdtempSync(join(tmpdir(), 'keyhold-statements-'));
		client = await connect(join(directory, 'a.db'));
		await client.execute('create table pairs (key integer primary key, value text not null)');
	});

	afterEach(() => {
		client.close();
		rmSync(directory, { recursive: true });
	});

	test('reads what was written in between', async () => {
		expect(await read()).toEqual([]);
		await client.batch([put(1, 'one')], 'write');
		expect(await read()).toEqual([[1, 'one']]);
		await client.batch([put(2, 'two')], 'write');
		expect(await read()).toEqual([
			[1, 'one'],
			[2, 'two']
		]);
	});

	test('writes after it was refused, and the refused batch is undone whole', async () => {
		await client.batch([put(1, 'one')], 'write');
		await expect(client.batch([put(2, 'two'), put(3, null)], 'write')).rejects.toThrow('NOT NULL');
		expect(await read()).toEqual([[1, 'one']]);
		await client.batch([put(3, 'three')], 'write');
		expect(await read()).toEqual([
			[1, 'one'],
			[3, 'three']
		]);
	});

	test('reads a hundred rows and more to their end, so that the log of writes can be folded in', async () => {
		await client.batch(
			Array.from({ length: 100 }, (_, n) => put(n, 'x')),
			'write'
		);
		expect(await read()).toHaveLength(100);
		const { rows } = await client.execute('PRAGMA wal_checkpoint(TRUNCATE)');
		expect(rows[0]?.['busy']).toBe(0);
	});

	test('is right after a change of the schema', async () => {
		await client.batch([put(1, 'one')], 'write');
		await read();
		await client.execute('alter table pairs rename column value to former');
		await client.execute("alter table pairs add column value text not null default 'new'");
		expect(await read()).toEqual([[1, 'new']]);
	});
});
