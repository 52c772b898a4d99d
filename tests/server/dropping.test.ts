/** Leaving: nothing of an account is left in any table of the schema. */
import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as lasting from '#lib/server/db/schema.ts';
import * as auditing from '#lib/server/db/schema-audit.ts';
import * as waiting from '#lib/server/db/schema-waiting.ts';
import { hex, utf8 } from '#lib/encoding/bytes.ts';
import { Host } from './host.ts';
import { codeOf, newId, newKey, Person, random, secret, sheet, someone } from './person.ts';
import { partOf, stage } from './rotating.ts';
import { dumpOf, tablesOf, textOf } from './tables.ts';

/**
 * Tables that an account leaves rows in. They name nobody: MACs that end by themselves, random bytes,
 * and the mail that says that the account is gone.
 */
const LEFT = ['counters', 'mails', 'used_challenges'];
/** The server's own; of several databases also which address belongs to which. */
const OWN = ['encryption_keys', 'moved_addresses', 'server_keys'];

const schema = { ...lasting, ...waiting, ...auditing };

let host: Host;

beforeEach(async () => {
	host = await Host.open();
});

afterEach(async () => {
	await host.remove();
});

/** Puts a row of this account into every table that has none yet. */
async function fillTables(person: Person): Promise<void> {
	await person.commit(person.commitOf({ sheets: [sheet()], secrets: [secret()] }));
	await stage(person, newId(), partOf(person.vault, { sheets: [newId()], secrets: [newId()] }));
	const { orm } = host.server.database;
	const { account } = person;
	const emailIndex = host.server.keys.index('email', utf8(person.email));
	const wrapped = host.server.wrapper.wrap(
		{ table: 'test', row: [account], column: 'test' },
		random(8)
	);
	const [now, expiresAt] = [Date.now(), Date.now() + 60_000];
	const link = () => ({ tokenHash: random(32), expiresAt });
	const registration = newId();
	await host.server.database.write([
		orm
			.insert(schema.registrations)
			.values({ id: registration, emailIndex, request: wrapped, createdAt: now, expiresAt }),
		orm.insert(schema.links).values([
			{ ...link(), use: 'recover', account },
			{ ...link(), use: 'invite', emailIndex },
			{ ...link(), use: 'confirm', registration }
		]),
		orm.insert(schema.reminders).values({ account, day: '2026-12-01' }),
		orm.insert(schema.erasures).values({ account, eraseAt: now, noticeAt: now }),
		orm
			.insert(schema.emailChanges)
			.values({ account, email: wrapped, oldConfirmed: true, newConfirmed: false, expiresAt }),
		orm
			.insert(schema.secondFactors)
			.values({ account, seed: wrapped, on: false, usedStep: 0, createdAt: now }),
		orm
			.insert(schema.notes)
			.values({ account, vault: person.vault, id: newId(), generation: 1, blob: wrapped }),
		orm.insert(schema.backupCodes).values({ account, codeIndex: random(32) })
	]);
}

async function countsOf(): Promise<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const table of await tablesOf(host)) {
		const [row] = await host.sql(`select count(*) from "${table}"`);
		counts[table] = Number(row?.[0]);
	}
	return counts;
}

async function drop(person: Person, by: { purpose: number; key?: Person['key'] } = { purpose: 6 }) {
	return await person.prove(by, '/api/v1/account');
}

async function eventsOf({ account }: Person): Promise<string[]> {
	const rows = await host.sql('select event from audit where account = ? order by id', [account]);
	return rows.map(({ event }) => textOf(event));
}

describe('an account that is dropped', () => {
	test('has no row left in any table of the schema; every table had one before', async () => {
		await someone(host);
		const before = await countsOf();
		const person = await someone(host);
		await fillTables(person);
		const filled = await countsOf();
		const tables = Object.keys(before).filter((table) => ![...LEFT, ...OWN].includes(table));
		for (const table of tables) expect(filled[table], table).toBeGreaterThan(before[table] ?? 0);
		expect((await drop(person)).status).toBe(204);
		const after = await countsOf();
		for (const table of tables) expect(after[table], table).toBe(before[table]);
	});

	test('is named nowhere, neither by its id nor by what its address is found by', async () => {
		const person = await someone(host);
		await fillTables(person);
		const names = [
			person.account,
			hex(utf8(person.account)),
			hex(host.server.keys.index('email', utf8(person.email)))
		];
		await drop(person);
		for (const table of await tablesOf(host)) {
			for (const row of await host.sql(`select * from "${table}"`)) {
				const text = Array.from(row).map(textOf).join(' ');
				for (const name of names) expect(text, table).not.toContain(name);
			}
		}
	});

	test('takes its sessions with it, and the cookie out of the browser', async () => {
		const person = await someone(host);
		const other = Object.assign(new Person(host, person.email), person, { cookie: '' });
		await other.signIn();
		const stolen = person.cookie;
		const response = await drop(person);
		expect(response.headers.get('set-cookie')).toMatch(/^__Host-keyhold=; .*Max-Age=0/);
		expect(response.headers.get('clear-site-data')).toBe('"cache"');
		for (const cookie of [stolen, other.cookie]) {
			person.cookie = cookie;
			expect((await person.send('/api/v1/account')).status).toBe(401);
		}
	});

	test('leaves every row of others as it is', async () => {
		const other = await someone(host);
		await fillTables(other);
		const before = await dumpOf(host);
		const person = await someone(host);
		await fillTables(person);
		await drop(person);
		expect(await dumpOf(host)).toEqual(before);
	});

	test.each(['sheets', 'secrets', 'slots', 'vaults', 'backup_codes', 'links', 'accounts'])(
		'stays whole, row by row, if its rows cannot leave %s',
		async (table) => {
			const person = await someone(host);
			await fillTables(person);
			const before = await dumpOf(host);
			await host.sql(
				`create trigger stays before delete on "${table}" begin select raise(abort, 'no'); end`
			);
			const logged = await eventsOf(person);
			expect((await drop(person)).status).toBe(500);
			expect(await dumpOf(host)).toEqual(before);
			expect((await eventsOf(person)).slice(0, logged.length)).toEqual(logged);
			await host.sql('drop trigger stays');
			expect((await drop(person)).status).toBe(204);
		}
	);

	test('frees its address', async () => {
		const person = await someone(host);
		await drop(person);
		const again = await someone(host, person.email);
		expect((await again.getAccount()).account).toBe(again.account);
	});
});

describe('dropping an account', () => {
	test.each([{ purpose: 2 }, { purpose: 3 }, { purpose: 6, key: newKey() }])(
		'needs a proof of purpose 6 by the own key, not $purpose',
		async (by) => {
			const person = await someone(host);
			const before = await dumpOf(host);
			expect(await codeOf(await drop(person, by))).toBe('proof');
			expect(await dumpOf(host)).toEqual(before);
		}
	);

	test('is nothing that a stolen cookie can do', async () => {
		const person = await someone(host);
		const response = await person.send('/api/v1/account', { method: 'DELETE' });
		expect(await codeOf(response)).toBe('proof');
		expect((await person.send('/api/v1/account')).status).toBe(200);
	});
});

describe('the table of tables', () => {
	test('names every table of the schema', async () => {
		const tables = Object.values(schema)
			.filter((each) => is(each, SQLiteTable))
			.map((table) => {
				expect(Object.keys(getTableColumns(table)).length).toBeGreaterThan(0);
				return getTableName(table);
			});
		expect(await tablesOf(host)).toEqual(tables.sort());
	});
});
