/** The canary against a libSQL server: nothing in its folder holds a mark, or the email. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesIn } from '../canary/files.ts';
import { EMAIL, journey, type Journey } from '../canary/journey.ts';
import { found, needlesOf } from '../canary/needles.ts';
import { browserOf } from '../server/browser-of.ts';
import { Host } from '../server/host.ts';
import { Person } from '../server/person.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';

let sqld: Sqld;
let door: Door;
let host: Host;
let made: Journey;

beforeAll(async () => {
	sqld = await Sqld.primary();
	door = await Door.to(sqld);
	await sqld.makeNamespace('canary');
	host = await Host.open({ DATABASE_URL: door.url('canary') });
	// The first account of a server needs its set-up code.
	await new Person(host).register();
	made = await journey(browserOf(host), () => Date.now());
});

afterAll(async () => {
	await host.remove();
	door.close();
	await sqld.remove();
});

describe.skipIf(SQLD_MISSING)('after everything that a person does', () => {
	test.each([['running'], ['stopped']])(
		'no file of the %s libSQL server holds a mark',
		async (state) => {
			if (state === 'stopped') await sqld.kill();
			const files = filesIn(sqld.folder);
			expect([...files.keys()]).toEqual(
				expect.arrayContaining(['dbs/canary/data', 'dbs/canary/data-wal', 'dbs/canary/wallog'])
			);
			const needles = [...made.needles, ...needlesOf('email', EMAIL)];
			for (const [name, bytes] of files) expect(found(bytes, needles), name).toEqual([]);
		}
	);

	test('no line of the log holds a mark', () => {
		expect(host.lines.length).toBeGreaterThan(0);
		expect(found(host.lines.join('\n'), made.needles)).toEqual([]);
	});
});
