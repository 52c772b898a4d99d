/**
 * A database of the first version, with someone in it, on a libSQL server: of the processes that
 * start on it together one brings it up, and both serve what is there.
 */
import { copyFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { perform } from '#lib/server/admin/perform.ts';
import { migrations, takeBackTo } from '../earlier.ts';
import { eventsOf } from '../server/asked.ts';
import { Host } from '../server/host.ts';
import { secret, secretsOf, sheet, someone, type Person } from '../server/person.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';

const written = secret();
let before: Host;
let sqld: Sqld;
let door: Door;
let hosts: readonly Host[];
let person: Person;

beforeAll(async () => {
	before = await Host.open({ DATABASE_URL: '' });
	person = await someone(before);
	await person.commit(person.commitOf({ sheets: [sheet()], secrets: [written] }));
	const earlier = `${before.directory}/earlier.db`;
	for await (const event of perform(before.server, { command: 'backup' })) {
		if (event.event === 'copy') copyFileSync(event.path, earlier);
	}
	await before.stop();
	await takeBackTo(1, earlier);
	sqld = await Sqld.primary({ file: earlier });
	door = await Door.to(sqld);
	const open = () => Host.open({ DATABASE_URL: door.url('default') });
	hosts = await Promise.all([open(), open()]);
});

afterAll(async () => {
	for (const host of [...hosts, before]) await host.remove();
	door.close();
	await sqld.remove();
});

/** The same person, at another process. */
function at(host: Host): Person {
	return Object.assign(Object.create(person) as Person, { host });
}

describe.skipIf(SQLD_MISSING)('a database of the first version on a libSQL server', () => {
	test('is brought up by one of two processes that start together', () => {
		const lines = hosts.flatMap((host) => host.lines).filter((line) => line.includes('"migrated"'));
		expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
			expect.objectContaining({ applied: migrations().length - 1 })
		]);
	});

	test('is served by both, with what was sealed before, and takes more', async () => {
		for (const host of hosts) {
			person = at(host);
			await person.signIn();
			const { secrets } = await secretsOf(await person.readSecrets([written.item]));
			expect(secrets.map(({ blob }) => blob)).toEqual([written.blob]);
			const { outcome } = await person.commit(person.commitOf({ sheets: [sheet()] }));
			expect(outcome).toBe('stored');
		}
		expect((await person.getVault()).sheets).toHaveLength(3);
	});

	test('passes the check of all of it', async () => {
		const [host] = hosts;
		if (host === undefined) throw new Error('no host');
		expect(await eventsOf(host, { command: 'check' })).toMatchObject([
			{ event: 'checked', findings: 0 }
		]);
	});
});
