/** A libSQL server that is gone, silent or cut off: what is answered meanwhile, and afterwards. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Host } from '../server/host.ts';
import { UNLIMITED } from '../server/mailing.ts';
import { someone, sheet, type Person } from '../server/person.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';

/** Longer than an answer of `/readyz` is repeated. */
const LATER_MS = 10_000;
const TOKEN = 'x'.repeat(32);

let sqld: Sqld;
let door: Door;
let host: Host;
let person: Person;

beforeAll(async () => {
	sqld = await Sqld.primary();
	door = await Door.to(sqld);
	await sqld.makeNamespace('outage');
	host = await Host.open({
		...UNLIMITED,
		DATABASE_URL: door.url('outage'),
		METRICS_TOKEN: TOKEN
	});
});

beforeEach(async () => {
	person = await someone(host);
});

/** What one test did to the server is nothing to the next, where it failed too. */
afterEach(async () => {
	door.shut = false;
	door.losesAnswers = false;
	door.lagMs = 0;
	sqld.thaw();
	if (!sqld.running) await sqld.start();
});

afterAll(async () => {
	await host.remove();
	door.close();
	await sqld.remove();
});

async function ready(): Promise<number> {
	host.ahead += LATER_MS;
	return (await host.send('/readyz')).status;
}

/** Both a read and a write are told to come back, and the host is not ready. */
async function expectBusy(): Promise<void> {
	const [read] = await Promise.all([
		person.send('/api/v1/account'),
		expect(person.commit(person.commitOf({ sheets: [sheet()] }))).rejects.toThrow('503'),
		expect(ready()).resolves.toBe(503)
	]);
	expect(read.status).toBe(503);
	expect(Number(read.headers.get('retry-after'))).toBeGreaterThan(0);
}

/** The same process serves again, and knows what it acknowledged. */
async function expectWell(acknowledged: number): Promise<void> {
	expect((await person.getVault()).manifest.seq).toBe(acknowledged);
	const { outcome } = await person.commit(person.commitOf({ sheets: [sheet()] }));
	expect(outcome).toBe('stored');
	expect(await ready()).toBe(200);
	expect(host.exits).toBe(0);
}

describe.skipIf(SQLD_MISSING)('a libSQL server', () => {
	test('that was killed is answered for by 503, and used again once it is back', async () => {
		await person.commit(person.commitOf({ sheets: [sheet()] }));
		await sqld.kill();
		await expectBusy();
		await sqld.start();
		await expectWell(2);
	});

	test('that drops connections is answered for by 503, and used again once it does not', async () => {
		door.shut = true;
		await expectBusy();
		door.shut = false;
		await expectWell(1);
	});

	test('that never answers is given up after its deadline, and used again once it does', async () => {
		await sqld.freeze();
		await expectBusy();
		sqld.thaw();
		// What it was asked before it fell silent it may still have done.
		const { manifest } = await person.getVault();
		expect([1, 2]).toContain(manifest.seq);
		expect(await ready()).toBe(200);
	});

	test('that is slow is waited for', async () => {
		door.lagMs = 100;
		await expectWell(1);
	});

	test('whose answer is lost has written all the same: asked again, it says so by a conflict', async () => {
		const request = person.commitOf({ sheets: [sheet()] });
		door.losesAnswers = true;
		await expect(person.commit(request)).rejects.toThrow('503');
		door.losesAnswers = false;
		const again = await person.commit(request);
		expect(again).toMatchObject({ outcome: 'conflict' });
		expect((await person.getVault()).manifest.blob).toEqual(request.manifest);
	});
});

describe.skipIf(SQLD_MISSING)('the server’s numbers', () => {
	async function numbers(): Promise<string> {
		const headers = { authorization: `Bearer ${TOKEN}` };
		const response = await host.send('/metrics', { headers });
		expect(response.status).toBe(200);
		return await response.text();
	}

	test('are told without those of a database that is gone', async () => {
		expect(await numbers()).toMatch(/^keyhold_sessions [1-9]/m);
		door.shut = true;
		const text = await numbers();
		door.shut = false;
		expect(text).toContain('\nkeyhold_requests_total');
		expect(text).not.toMatch(/keyhold_(sessions|mails|oldest_mail)/);
		expect(await numbers()).toMatch(/^keyhold_sessions [1-9]/m);
	});

	test('tell what waits for a database that is silent, before who asks has given up', async () => {
		await sqld.freeze();
		const write = host.server.database.takesWrites();
		const text = await numbers();
		// It still waits, so the numbers did not wait as long as a write does.
		expect(host.server.database.queued().waiting).toBe(1);
		sqld.thaw();
		expect(text).toContain('\nkeyhold_writes_waiting 1\n');
		expect(text).toMatch(/^keyhold_oldest_write_seconds [1-9]/m);
		expect(text).not.toContain('keyhold_sessions');
		expect(await write).toBe(true);
	});
});

describe.skipIf(SQLD_MISSING)('a server that is started', () => {
	async function refusal(url: string): Promise<string> {
		const started = Host.open({ DATABASE_URL: url, DATABASE_AUTH_TOKEN: 'token-of-this-test' });
		return String(await started.catch((error: unknown) => error));
	}

	test('says that nothing answers, and repeats no token', async () => {
		await sqld.kill();
		const said = await refusal(door.url('outage'));
		expect(said).toContain('DATABASE_URL: the libSQL server does not answer');
		expect(said).not.toContain('token-of');
	});

	test('says that an address with a password is none, and repeats no password', async () => {
		const said = await refusal(door.url('outage').replace('http://', 'http://name:password@'));
		expect(said).toContain('DATABASE_URL: the libSQL server cannot be used');
		expect(said).toContain('is the address right');
		expect(said).not.toMatch(/password@|token-of/);
	});
});
