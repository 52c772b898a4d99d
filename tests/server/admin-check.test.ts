/** The host's check: it finds each kind of fault that is planted, and nothing where there is none. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHAIN_LENGTH } from '#lib/api/limits.ts';
import { walk } from '#lib/server/admin/chain-check.ts';
import { wrappedTables } from '#lib/server/admin/wrapped-values.ts';
import { headOf, NO_HEAD } from '#lib/server/chain.ts';
import { eventsOf, lastOf } from './asked.ts';
import { fill, UNLIMITED, type Everything } from './everything.ts';
import { Host } from './host.ts';
import { random, type Person } from './person.ts';

let host: Host;
let person: Person;
let secrets: Everything['secrets'];

beforeAll(async () => {
	host = await Host.open(UNLIMITED);
	({ person, secrets } = await fill(host));
});

afterAll(async () => {
	await host.remove();
});

async function findings(): Promise<string[]> {
	const events = await eventsOf(host, { command: 'check' });
	return events
		.filter((event) => event.event === 'finding')
		.map(({ where, what }) => `${where}: ${what}`);
}

/** What is found after a change of one table, which is taken back. */
async function planted(table: string, change: string, args: string[] = []): Promise<string[]> {
	await host.sqlUnbound(`create table before as select * from "${table}"`);
	await host.sqlUnbound(change, args);
	const found = await findings();
	await host.sqlUnbound(`delete from "${table}"`);
	await host.sqlUnbound(`insert into "${table}" select * from before`);
	await host.sqlUnbound('drop table before');
	return found;
}

test('finds nothing in what the server wrote, and looked at every table that holds values', async () => {
	expect(await findings()).toEqual([]);
	const checked = await lastOf(host, { command: 'check' }, 'checked');
	expect(checked).toMatchObject({ accounts: 1, chains: 2, unwalked: 0, findings: 0 });
	for (const { name, columns } of wrappedTables()) {
		for (const column of Object.values(columns)) {
			const rows = await host.sql(`select 1 from "${name}" where "${column.name}" is not null`);
			expect(rows.length, `${name}.${column.name}`).toBeGreaterThan(0);
		}
	}
});

const COLUMNS = wrappedTables().flatMap(({ name, columns }) =>
	Object.values(columns).map((column) => [name, column.name] as const)
);

describe('a changed value is found', () => {
	test.each(COLUMNS)('in %s.%s', async (table, column) => {
		const found = await planted(
			table,
			`update "${table}" set "${column}" = zeroblob(length("${column}")) where rowid = (select max(rowid) from "${table}" where "${column}" is not null)`
		);
		expect(found.filter((each) => each.endsWith(`${column} does not open`))).toHaveLength(1);
	});

	test('where a secret stands in the row of another', async () => {
		const found = await planted(
			'secrets',
			'update secrets set blob = (select blob from secrets where item = ?) where item = ?',
			secrets.slice(0, 2).map(({ item }) => item)
		);
		expect(found).toEqual([
			`secrets ${person.account}/${person.vault}/${secrets[1]?.item ?? ''}: blob does not open`
		]);
	});
});

describe('a broken chain is found', () => {
	const LINK = 'where vault = ? and seq = 2';

	test.each([
		['vault', 'whose hash was changed', `update vault_chain set hash = zeroblob(32) ${LINK}`],
		['vault', 'whose link is gone', `delete from vault_chain ${LINK}`]
	])('of a %s, %s', async (_of, _how, change) => {
		const found = await planted('vault_chain', change, [person.vault]);
		expect(found).toEqual([
			`vaults ${person.account}/${person.vault}: the chain does not lead to the head`
		]);
	});

	test('whose beginning is gone', async () => {
		const found = await planted('vault_chain', 'delete from vault_chain where seq = 1');
		expect(found).toEqual([expect.stringContaining('the beginning of the chain is missing')]);
	});

	test('whose end is gone', async () => {
		const found = await planted('vault_chain', 'delete from vault_chain where seq = 3');
		expect(found[0]).toContain('the chain ends at seq 2, not at 3');
	});

	test('of an account, whose head was changed', async () => {
		const found = await planted('accounts', 'update accounts set head = zeroblob(32)');
		expect(found).toEqual([`accounts ${person.account}: the chain does not lead to the head`]);
	});

	test('whose manifest is an earlier one', async () => {
		const place = { table: 'vaults', row: [person.account, person.vault], column: 'manifest' };
		const token = host.server.wrapper.wrap(place, random(232));
		await host.sql('create table earlier (manifest blob)');
		await host.server.database.write([
			{ toSQL: () => ({ sql: 'insert into earlier values (?)', params: [Buffer.from(token)] }) }
		]);
		const found = await planted(
			'vaults',
			'update vaults set manifest = (select manifest from earlier)'
		);
		expect(found).toEqual([
			expect.stringContaining('the manifest is not the one that the chain ends with')
		]);
	});
});

describe('a wrong count is found', () => {
	test.each([
		['sheet_count', 'counts 3 sheets, and there are 2'],
		['secret_count', 'counts 4 secrets, and there are 3'],
		['sheet_bytes', 'bytes of sheets, and there are'],
		['secret_bytes', 'bytes of secrets, and there are']
	])('in %s', async (column, what) => {
		const found = await planted('vaults', `update vaults set "${column}" = "${column}" + 1`);
		expect(found).toContainEqual(expect.stringContaining(what));
	});

	test.each([
		['stored_bytes', 'bytes, and there are'],
		['stored_keys', 'counts 4 keys, and there are 3']
	])('in %s of the account', async (column, what) => {
		const found = await planted('accounts', `update accounts set "${column}" = "${column}" + 1`);
		expect(found).toEqual([expect.stringContaining(what)]);
	});

	test('where a secret is gone', async () => {
		const one = 'delete from secrets where rowid = (select max(rowid) from secrets)';
		expect(await planted('secrets', one)).toContainEqual(
			expect.stringContaining('counts 3 secrets, and there are 2')
		);
	});

	test('where a record is newer than its vault', async () => {
		expect(await planted('sheets', 'update sheets set revision = 9')).toEqual([
			expect.stringContaining('a record of seq 9, which is above 3')
		]);
	});
});

describe('an index that leads elsewhere is found', () => {
	test('of an email', async () => {
		const found = await planted('accounts', 'update accounts set email_index = zeroblob(32)');
		expect(found).toEqual([`accounts ${person.account}: its index is not that of its email`]);
	});

	test.each(['locator_index', 'credential_index'])('of a slot, in %s', async (column) => {
		const change = `update slots set "${column}" = zeroblob(32) where "${column}" is not null`;
		expect(await planted('slots', change)).toEqual([
			expect.stringContaining('is not that of its value')
		]);
	});
});

describe('a log that was changed is found', () => {
	const ofPerson = 'where account = ? and seq = 3';

	test.each([
		['whose row says another thing', `update audit set detail = 'other' ${ofPerson}`, 'row 3'],
		['whose row has another time', `update audit set at = at + 1 ${ofPerson}`, 'row 3'],
		['whose row is gone', `delete from audit ${ofPerson}`, 'row 3 is missing'],
		[
			'whose beginning is gone',
			'delete from audit where account = ? and seq < 3',
			'row 1 is missing'
		],
		['whose row has no hash', `update audit set hash = null ${ofPerson}`, 'row 3'],
		[
			'whose end is gone',
			'delete from audit where account = ? and seq > 3',
			'the log ends at row 3, not at'
		],
		[
			'whose rows were exchanged',
			'update audit set seq = case seq when 3 then -1 else seq end where account = ?',
			'row 3 is missing'
		]
	])('%s', async (_how, change, what) => {
		const found = await planted('audit', change, [person.account]);
		expect(found).toEqual([
			expect.stringMatching(new RegExp(`^audit ${person.account}: .*${what}`))
		]);
	});

	test('into which a row was slipped', async () => {
		const slipped = `insert into audit (at, account, event, seq, hash)
			select at, account, 'sign-in', seq + 1, hash from audit where account = ? order by seq desc limit 1`;
		// Above where the chain stands: it is no part of the log, and the next row cannot be written.
		const found = await planted('audit', slipped, [person.account]);
		expect(found).toEqual([expect.stringContaining('stands behind the end')]);
	});

	test('whose beginning was forgotten before its time', async () => {
		const found = await planted(
			'audit_chains',
			`update audit_chains set forgotten_seq = 2, forgotten_hash =
			 (select hash from audit where audit.account = audit_chains.account and seq = 2) where account = ?`,
			[person.account]
		);
		expect(found).toEqual([expect.stringContaining('a row that was forgotten is there')]);
	});

	test('and one that was forgotten in time, or is from before there was a chain, is none', async () => {
		const rows = `update audit set hash = null where account = ? and seq <= 2`;
		await host.sql('create table kept as select * from audit');
		await host.sql(rows, [person.account]);
		const found = await planted(
			'audit_chains',
			`update audit_chains set forgotten_seq = 2, forgotten_hash =
			 (select hash from kept where kept.account = audit_chains.account and seq = 2) where account = ?`,
			[person.account]
		);
		await host.sql('delete from audit');
		await host.sql('insert into audit select * from kept');
		expect(found).toEqual([]);
	});
});

test('a row that belongs to nothing is found', async () => {
	const change =
		"insert into links select zeroblob(32), 'confirm', 'nobody', null, null, 9999999999999";
	expect(await planted('links', change)).toEqual(['links: 1 rows belong to nothing that is there']);
});

describe('a chain', () => {
	const hashes = [random(32), random(32), random(32)];
	const head = hashes.reduce((prev, hash) => headOf(prev, hash), NO_HEAD);
	const links = (...seqs: number[]) =>
		hashes.map((hash, index) => ({ hash, seq: seqs[index] ?? 0 }));

	test('may jump where a restore was accepted', () => {
		const chain = { seq: 9, head, manifestHash: hashes[2], links: links(1, 2, 9) };
		expect(walk(chain)).toEqual({ faults: [], walked: true });
	});

	test('that is longer than is kept is not walked, and its end is compared', () => {
		const seq = CHAIN_LENGTH + 3;
		const chain = { seq, head, manifestHash: hashes[2], links: links(seq - 2, seq - 1, seq) };
		expect(walk(chain)).toEqual({ faults: [], walked: false });
		expect(walk({ ...chain, manifestHash: hashes[1] }).faults).toHaveLength(1);
	});

	test('of no link is none', () => {
		expect(walk({ seq: 1, head, manifestHash: undefined, links: [] }).faults).toHaveLength(2);
	});
});
