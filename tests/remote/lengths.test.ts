/** A libSQL server that sends no long answers, as none does by itself: see docs/operations.md. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Host } from '../server/host.ts';
import { codeOf, sheet, someone } from '../server/person.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';

let sqld: Sqld;
let door: Door;
let host: Host;

beforeAll(async () => {
	sqld = await Sqld.primary({ longestAnswer: '100KB' });
	door = await Door.to(sqld);
	await sqld.makeNamespace('lengths');
	host = await Host.open({ DATABASE_URL: door.url('lengths') });
});

afterAll(async () => {
	await host.remove();
	door.close();
	await sqld.remove();
});

describe.skipIf(SQLD_MISSING)('a list that is longer than the libSQL server sends', () => {
	test('is answered by 503, not in part, and the log says why', async () => {
		const person = await someone(host);
		const sheets = Array.from({ length: 40 }, () => sheet());
		expect((await person.commit(person.commitOf({ sheets }))).outcome).toBe('stored');
		host.lines.length = 0;
		const answer = await person.send(`/api/v1/vaults/${person.vault}`);
		expect(answer.status).toBe(503);
		expect(await codeOf(answer)).toBe('busy');
		expect(host.lines.join('')).toContain('RESPONSE_TOO_LARGE');
	});

	test('keeps nobody else from theirs, and the process goes on', async () => {
		const other = await someone(host);
		await other.commit(other.commitOf({ sheets: [sheet()] }));
		expect((await other.getVault()).sheets).toHaveLength(1);
		expect((await host.send('/readyz')).status).toBe(200);
		expect(host.exits).toBe(0);
	});
});
