/** What the server forgets of the past, so that nobody can fill its disk with it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forgetHistory } from '#lib/server/retention.ts';
import { Host } from './host.ts';
import { newKey, secret, someone, type Person } from './person.ts';

const DAY_MS = 86_400_000;

let host: Host;
let person: Person;

beforeEach(async () => {
	host = await Host.open({ LIMIT_READS: '10000/m' });
	person = await someone(host);
});

afterEach(async () => {
	await host.remove();
});

async function rowsOf(account: string, table = 'audit'): Promise<number> {
	const [row] = await host.sql(`select count(*) from ${table} where account = ?`, [account]);
	return Number(row?.[0]);
}

describe('the audit log', () => {
	test('forgets what is older than 400 days, and nothing younger', async () => {
		await forgetHistory(host.server);
		const before = await rowsOf(person.account);
		expect(before).toBeGreaterThan(0);
		host.ahead += 399 * DAY_MS;
		await forgetHistory(host.server);
		expect(await rowsOf(person.account)).toBe(before);
		host.ahead += 2 * DAY_MS;
		await forgetHistory(host.server);
		expect(await rowsOf(person.account)).toBe(0);
	});

	test('keeps the newest 100,000 rows of an account that reads without end', async () => {
		const other = await someone(host);
		await host.sql(
			`insert into audit (at, account, event, seq) with recursive n(i) as
			 (select 101 union all select i + 1 from n where i < 100200) select ?, ?, 'secret.read', i from n`,
			[Date.now(), person.account]
		);
		await forgetHistory(host.server);
		expect(await rowsOf(person.account)).toBe(100_000);
		const [row] = await host.sql("select count(*) from audit where event = 'account.made'");
		expect(Number(row?.[0])).toBe(1);
		expect(await rowsOf(other.account)).toBe(2);
	});

	test('forgets what was noted of an account after it was dropped, and nobody else', async () => {
		const gone = await someone(host);
		await person.verify(
			person.signed(await person.challenge({ email: 'a@example.org', purpose: 1 }), 1)
		);
		await gone.prove({ purpose: 6 }, '/api/v1/account');
		await host.sql("insert into audit (at, account, event, seq) values (?, ?, 'secret.read', 99)", [
			Date.now(),
			gone.account
		]);
		const before = await rowsOf(person.account);
		await forgetHistory(host.server);
		expect(await rowsOf(gone.account)).toBe(0);
		expect(await rowsOf('nobody')).toBe(1);
		expect(await rowsOf(person.account)).toBe(before);
	});

	test('has one row for a read of many secrets', async () => {
		const written = Array.from({ length: 500 }, () => secret());
		const items = written.map(({ item }) => item);
		await person.commit(person.commitOf({ secrets: written }));
		const before = await rowsOf(person.account);
		const proof = await person.exportProof(items);
		expect((await person.readSecrets(items, 'export', proof)).status).toBe(200);
		expect(await rowsOf(person.account)).toBe(before + 2);
	});

	test('counts all who have no account as one, whatever emails a stranger makes up', async () => {
		for (const email of ['a@example.org', 'b@example.org']) {
			const challenge = await person.challenge({ email, purpose: 1 });
			await person.verify(person.signed(challenge, 1, { key: newKey() }));
		}
		const rows = await host.sql("select account from audit where event = 'sign-in.failed'");
		expect(rows.map(({ account }) => account)).toEqual(['nobody', 'nobody']);
	});
});

describe('a chain', () => {
	test.each([
		['vault_chain', 'vaults'],
		['account_chain', 'accounts']
	])('keeps as many hashes as an answer takes: %s', async (chain, table) => {
		const id = table === 'vaults' ? 'account' : 'id';
		await host.sql(`update ${table} set seq = 100500 where ${id} = ?`, [person.account]);
		const [columns, values] = chain === 'vault_chain' ? [', vault', ', ?'] : ['', ''];
		const vault = chain === 'vault_chain' ? [person.vault] : [];
		await host.sql(
			`insert into ${chain} (seq, hash, account${columns}) with recursive n(i) as
			 (select 2 union all select i + 1 from n where i < 100500) select i, zeroblob(32), ?${values} from n`,
			[person.account, ...vault]
		);
		await forgetHistory(host.server);
		const [row] = await host.sql(`select min(seq), max(seq), count(*) from ${chain}`);
		expect([row?.[0], row?.[1], row?.[2]]).toEqual([501, 100_500, 100_000]);
	});
});
