/** Several processes on one libSQL server: each is a server of its own that shares nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEnv } from '#lib/server/env.ts';
import { runErasures } from '#lib/server/erasures.ts';
import { openLog } from '#lib/server/log.ts';
import { openServer } from '#lib/server/server.ts';
import { eventsOf } from '../server/asked.ts';
import { Host, KEY_A, KEY_B, ORIGIN } from '../server/host.ts';
import { DAY_MS, UNLIMITED } from '../server/mailing.ts';
import type { AnyHost } from '../server/visitor.ts';
import { codeOf, Person, secret, sha256, sheet, someone } from '../server/person.ts';
import { smtpVariables, startSmtp, tokenIn } from '../smtp.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';

const FREE = { ...UNLIMITED, LIMIT_COMMITS: '100000/m' };

let sqld: Sqld;
let door: Door;
let named = 0;
const opened: Host[] = [];

beforeAll(async () => {
	sqld = await Sqld.primary();
	door = await Door.to(sqld);
});

afterAll(async () => {
	for (const host of opened) await host.remove();
	door.close();
	await sqld.remove();
});

async function newUrl(): Promise<string> {
	const name = `several${named++}`;
	await sqld.makeNamespace(name);
	return door.url(name);
}

async function open(url: string, variables: Record<string, string> = {}): Promise<Host> {
	const host = await Host.open({ ...FREE, ...variables, DATABASE_URL: url });
	opened.push(host);
	return host;
}

/** Two processes on a new database. */
async function two(variables: Record<string, string> = {}): Promise<[Host, Host]> {
	const url = await newUrl();
	return [await open(url, variables), await open(url, variables)];
}

/** Whoever is sent to one process and the other in turn, as a balancer does. */
function between(hosts: readonly Host[]): Pick<Host, 'send' | 'setupCode'> {
	let next = 0;
	return {
		get setupCode() {
			return hosts[0]?.setupCode ?? '';
		},
		send: async (...sent) => {
			const host = hosts[next++ % hosts.length];
			if (host === undefined) throw new Error('no host');
			return await host.send(...sent);
		}
	};
}

/**
 * From now on this process tells the others what it counted only when the function returned is
 * called.
 */
function sharingByHand({ server: { limits } }: Host): () => Promise<void> {
	const share = limits.share.bind(limits);
	limits.share = () => Promise.resolve();
	return share;
}

/** The same person, signed in, by way of other processes. */
function elsewhere({ email, vault, cookie }: Person, host: AnyHost): Person {
	return Object.assign(new Person(host, email), { vault, cookie });
}

describe.skipIf(SQLD_MISSING)('two processes', () => {
	test('take registration, sign-in and every request after it in turns', async () => {
		const person = new Person(between(await two()));
		expect((await person.register()).status).toBe(200);
		for (let n = 0; n < 3; n++) await person.signIn();
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: [secret()] }));
		await person.commit(person.commitOf({ sheets: [sheet()] }));
		expect((await person.getVault()).manifest.seq).toBe(3);
		expect((await person.getAccount()).email).toBe(person.email);
	});

	test('end a session everywhere when it ends at one', async () => {
		const [one, other] = await two();
		const person = await someone(one);
		expect((await other.send('/api/v1/account', { headers: cookieOf(person) })).status).toBe(200);
		await person.send('/api/v1/auth/session', { method: 'DELETE' });
		expect((await other.send('/api/v1/account', { headers: cookieOf(person) })).status).toBe(401);
	});

	test('take a challenge of the other, and together take it once', async () => {
		const [one, other] = await two();
		const person = await someone(one);
		const signed = person.signed(await person.challenge({ email: person.email, purpose: 1 }), 1);
		const elsewhere = new Person(other, person.email);
		expect((await elsewhere.verify(signed)).status).toBe(200);
		expect((await person.verify(signed)).status).toBe(401);
	});

	test('count wrong proofs together', async () => {
		const hosts = await two({ LIMIT_FAILURES_HERE: '4/15m' });
		const person = await someone(between(hosts));
		const wrong = new Person(between(hosts), person.email);
		const tries = [];
		for (let n = 0; n < 4; n++) {
			const challenge = await wrong.challenge({ email: person.email, purpose: 1 });
			tries.push((await wrong.verify(wrong.signed(challenge, 1))).status);
		}
		expect(tries).toEqual([401, 401, 401, 401]);
		for (const host of hosts) {
			const next = await new Person(host).post('/api/v1/auth/challenge', {
				email: person.email,
				purpose: 1
			});
			expect(await codeOf(next)).toBe('limited');
		}
	});

	test.each(['20/m', '20/5m'])('tell each other what they count in memory: %s', async (limit) => {
		const [one, other] = await two({ LIMIT_READS: limit });
		const [shareHere, shareThere] = [sharingByHand(one), sharingByHand(other)];
		const here = await someone(one);
		const there = elsewhere(here, other);
		const read = async (person: Person) => (await person.readSecrets([secret().item])).status;
		for (let n = 0; n < 10; n++) expect(await read(here)).not.toBe(429);
		await shareHere();
		for (let n = 0; n < 10; n++) expect(await read(there)).not.toBe(429);
		await shareThere();
		expect(await read(there)).toBe(429);
		await read(here);
		await shareHere();
		expect(await read(here)).toBe(429);
	});

	test('store one of a hundred commits on one head, and tell the others of it', async () => {
		const hosts = await two();
		const person = await someone(hosts[0]);
		const both = elsewhere(person, between(hosts));
		const outcomes = await Promise.all(
			Array.from({ length: 100 }, async () => {
				const request = person.commitOf({ sheets: [sheet()], secrets: [secret()] });
				return (await both.commit(request)).outcome;
			})
		);
		expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
		const [row] = await hosts[0].sql('select count(*) from sheets');
		expect(row?.[0]).toBe(1);
	});

	test('lose nothing that writers through both try until it is stored, and keep one log of it', async () => {
		const hosts = await two();
		const person = await someone(hosts[0]);
		const both = elsewhere(person, between(hosts));
		const write = async () => {
			const mine = sheet();
			let { seq, head } = person;
			for (;;) {
				const request = { ...person.commitOf({ sheets: [mine] }), expected: { seq, head } };
				const reply = await both.commit(request);
				if (reply.outcome === 'stored') return mine.id;
				const { manifest, chain } = reply.head;
				head = [...chain, sha256(manifest.blob)].reduce((at, hash) => sha256(at, hash), head);
				seq = manifest.seq;
			}
		};
		const written = await Promise.all(Array.from({ length: 12 }, write));
		const { sheets } = await person.getVault();
		expect(new Set(sheets.map(({ id }) => id))).toEqual(new Set(written));
		expect(await eventsOf(hosts[1], { command: 'check' })).toMatchObject([
			{ event: 'checked', findings: 0 }
		]);
	});

	test('send a mail once, and notice an erasure once', async () => {
		const smtp = await startSmtp();
		const hosts = await two(smtpVariables(smtp));
		const person = new Person(between(hosts));
		await person.register();
		const token = tokenIn(await smtp.next(person.email));
		expect((await person.post('/api/v1/confirmations', { token })).status).toBe(204);
		await person.post('/api/v1/erasures/mails', { email: person.email });
		const begin = tokenIn(await smtp.next(person.email));
		const begun = await person.post('/api/v1/erasures', { token: begin });
		expect(begun.status).toBe(200);
		await smtp.next(person.email);
		const waiting = async () => (await hosts[0].sql('select id from mails')).length;
		// Else a day later the claim of one that was sent has lapsed, and it is sent once more.
		await expect.poll(waiting, { timeout: 60_000 }).toBe(0);
		for (const host of hosts) host.ahead = DAY_MS + 1000;
		await Promise.all(hosts.map(({ server }) => runErasures(server)));
		await smtp.next(person.email);
		await expect.poll(waiting, { timeout: 60_000 }).toBe(0);
		expect(smtp.caught).toHaveLength(4);
		await smtp.stop();
	});
});

describe.skipIf(SQLD_MISSING)('processes that start together', () => {
	test('on an empty database make it once, and all serve', async () => {
		const url = await newUrl();
		const hosts = await Promise.all(Array.from({ length: 3 }, () => open(url)));
		const migrated = hosts.flatMap(({ lines }) => lines).filter((line) => /migrated/.test(line));
		expect(migrated).toHaveLength(1);
		const person = new Person(between(hosts));
		await person.register();
		await person.signIn();
		for (let n = 0; n < 3; n++) expect((await person.send('/api/v1/account')).status).toBe(200);
	});

	test('with different keys do not both encrypt', async () => {
		const url = await newUrl();
		const started = await Promise.allSettled([
			open(url, { ENCRYPTION_KEYS: KEY_A }),
			open(url, { ENCRYPTION_KEYS: KEY_B })
		]);
		const refused = started.flatMap((each) =>
			each.status === 'rejected' ? [String(each.reason)] : []
		);
		expect(refused).toEqual([
			expect.stringContaining('none of these keys was ever used with this database')
		]);
	});
});

describe.skipIf(SQLD_MISSING)('a process that others went beyond', () => {
	test('writes nothing more and ends, once a newer version migrated the database', async () => {
		const [one, other] = await two();
		const person = await someone(one);
		await other.sql(
			"insert into __drizzle_migrations (hash, created_at) values ('newer', 9000000000000)"
		);
		const request = person.commitOf({ sheets: [sheet()] });
		await expect(person.commit(request)).rejects.toThrow('503');
		expect(one.exits).toBe(1);
		expect(one.lines.join()).toContain(
			'another version of Keyhold, or another key, has taken over'
		);
		const [row] = await other.sql('select count(*) from sheets');
		expect(row?.[0]).toBe(0);
	});

	test('wraps nothing more with a key that another has replaced', async () => {
		const url = await newUrl();
		const old = await open(url);
		const person = await someone(old);
		const newer = await open(url, { ENCRYPTION_KEYS: `${KEY_B},${KEY_A}` });
		await expect(person.commit(person.commitOf({ sheets: [sheet()] }))).rejects.toThrow('503');
		expect(old.exits).toBe(1);
		expect(await eventsOf(newer, { command: 'rotate-keys' })).toContainEqual(
			expect.objectContaining({ event: 'keys-rotated', unopened: 0 })
		);
	});

	test('is not ready', async () => {
		const [one, other] = await two();
		await other.sql(
			"insert into __drizzle_migrations (hash, created_at) values ('newer', 9000000000000)"
		);
		expect((await one.send('/readyz')).status).toBe(503);
	});
});

describe.skipIf(SQLD_MISSING)('the host’s command, beside the processes that run', () => {
	async function openAsGuest(url: string, keys: string): Promise<void> {
		const env = readEnv({ ORIGIN, ENCRYPTION_KEYS: keys, DATABASE_URL: url });
		const ports = { log: openLog('silent'), now: Date.now, exit: () => undefined };
		await (await openServer(env, { ...ports, asGuest: true })).close();
	}

	test('makes no database', async () => {
		const url = await newUrl();
		await expect(openAsGuest(url, KEY_A)).rejects.toThrow('there is no database yet');
		const later = await open(url);
		expect(later.lines.join()).toContain('migrated');
	});

	test('brings no new key', async () => {
		const [one] = await two();
		const url = one.remote ?? '';
		await expect(openAsGuest(url, `${KEY_B},${KEY_A}`)).rejects.toThrow('no server has started');
		await openAsGuest(url, KEY_A);
		await someone(one);
		expect(one.exits).toBe(0);
	});
});

function cookieOf({ cookie, origin }: Person): Record<string, string> {
	return { cookie, origin };
}
