/** What waited too long: links, registrations, changes of email, mails of a server that sends none. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secondFactors } from '#lib/server/db/schema.ts';
import { emailChanges, links, mails, registrations } from '#lib/server/db/schema-waiting.ts';
import { prune } from '#lib/server/prune.ts';
import { Host } from './host.ts';
import { newId, random, someone } from './person.ts';

const DAY_MS = 86_400_000;

let host: Host;

beforeAll(async () => {
	host = await Host.open();
});

afterAll(async () => {
	await host.remove();
});

async function counts(): Promise<number[]> {
	const tables = ['links', 'registrations', 'email_changes', 'mails'];
	const rows = await Promise.all(tables.map((table) => host.sql(`select count(*) from ${table}`)));
	return rows.map(([row]) => Number(row?.[0]));
}

describe('pruning', () => {
	test('forgets each when it has ended, and not before', async () => {
		const { account } = await someone(host);
		const { database, wrapper } = host.server;
		const { orm } = database;
		const sealed = wrapper.wrap({ table: 'test', row: [account], column: 'test' }, random(8));
		const [createdAt, expiresAt] = [Date.now(), Date.now() + DAY_MS];
		const id = newId();
		await database.write([
			orm.insert(links).values({ tokenHash: random(32), use: 'recover', account, expiresAt }),
			orm
				.insert(registrations)
				.values({ id, emailIndex: random(32), request: sealed, createdAt, expiresAt }),
			orm.insert(emailChanges).values({
				account,
				email: sealed,
				oldConfirmed: false,
				newConfirmed: false,
				expiresAt
			}),
			orm.insert(mails).values({ id, message: sealed, tries: 0, dueAt: createdAt, expiresAt })
		]);
		await prune(host.server);
		expect(await counts()).toEqual([1, 1, 1, 1]);
		host.ahead = DAY_MS + 1;
		await prune(host.server);
		expect(await counts()).toEqual([0, 0, 0, 1]);
		host.ahead = 2 * DAY_MS + 1;
		await prune(host.server);
		expect(await counts()).toEqual([0, 0, 0, 0]);
	});

	test('forgets a seed that no code was made from within a day, and none that is on', async () => {
		const { database, wrapper } = host.server;
		const owners = [await someone(host), await someone(host)];
		const createdAt = Date.now() + host.ahead;
		for (const [index, { account }] of owners.entries()) {
			const seed = wrapper.wrap({ table: 'test', row: [account], column: 'test' }, random(8));
			const row = { account, seed, on: index === 1, usedStep: 0, createdAt };
			await database.write([database.orm.insert(secondFactors).values(row)]);
		}
		const left = async () =>
			(await host.sql('select account from second_factors')).map(({ account }) => account);
		await prune(host.server);
		expect(await left()).toHaveLength(2);
		host.ahead += DAY_MS + 1;
		await prune(host.server);
		expect(await left()).toEqual([owners[1]?.account]);
	});
});
