/** Where an account is signed in: the list, and two browsers side by side of which one ends the other. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Proof } from '#lib/api/auth.ts';
import { SessionsReply } from '#lib/api/sessions.ts';
import { z } from '#lib/api/zod.ts';
import { passwordSlotOf } from './enrolled.ts';
import { Host } from './host.ts';
import { codeOf, newId, parsed, Person, secret, someone } from './person.ts';
import { textOf } from './tables.ts';

const PATH = '/api/v1/account/sessions';
const SUDO = { purpose: 2 };
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const MINUTE_MS = 60_000;

let host: Host;

beforeAll(async () => {
	host = await Host.open({ LIMIT_AUTH: '100000/m', LIMIT_REQUESTS: '100000/m' });
	await new Person(host).register();
});

afterAll(async () => {
	await host.remove();
});

/** The same person in another browser. */
async function elsewhere(person: Person, agent?: string): Promise<Person> {
	const browser = Object.assign(new Person(host, person.email), person, { cookie: '' });
	if (agent === undefined) await browser.signIn();
	else await signInAs(browser, agent);
	return browser;
}

async function signInAs(browser: Person, agent: string): Promise<void> {
	const challenge = await browser.challenge({ email: browser.email, purpose: 1 });
	const proof = browser.signed(challenge, 1);
	const headers = { 'user-agent': agent };
	const json = z.encode(Proof, proof);
	browser.cookie = cookieOf(await browser.post('/api/v1/auth/verify', json, { headers }));
}

function cookieOf(response: Response): string {
	return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

async function listOf(person: Person) {
	return (await parsed(SessionsReply, await person.send(PATH))).sessions;
}

async function statusOf(person: Person): Promise<number> {
	return (await person.send('/api/v1/account')).status;
}

async function eventsOf(person: Person) {
	const rows = await host.sql('select event from audit where account = ? order by id', [
		person.account
	]);
	return rows.map(({ event }) => event);
}

describe('the list of sessions', () => {
	test('names each browser, marks the own one and puts it first', async () => {
		const person = await someone(host);
		const other = await elsewhere(person, FIREFOX);
		const mine = await listOf(person);
		expect(mine.map(({ current, device }) => [current, device])).toEqual([
			[true, 'Browser'],
			[false, 'Firefox on Linux']
		]);
		const theirs = await listOf(other);
		expect(theirs.map(({ current, device }) => [current, device])).toEqual([
			[true, 'Firefox on Linux'],
			[false, 'Browser']
		]);
		expect(theirs[0]?.id).toBe(mine[1]?.id);
	});

	test('holds no session of another account', async () => {
		const person = await someone(host);
		await someone(host);
		expect(await listOf(person)).toHaveLength(1);
	});

	test('holds no token, and an id that signs nobody in', async () => {
		const person = await someone(host);
		const [session] = await listOf(person);
		expect(person.cookie).not.toContain(session?.id);
		const forged = Object.assign(new Person(host), { cookie: `__Host-keyhold=${session?.id}` });
		expect(await statusOf(forged)).toBe(401);
	});

	test('stores what a browser says it is wrapped, for its own row only', async () => {
		const person = await someone(host);
		await elsewhere(person, FIREFOX);
		const rows = await host.sql('select hex(device) as device from sessions where account = ?', [
			person.account
		]);
		const firefox = Buffer.from('Firefox').toString('hex').toUpperCase();
		for (const device of rows.map((row) => textOf(row['device']))) {
			expect(device).toMatch(/^80[0-9A-F]+$/);
			expect(device).not.toContain(firefox);
		}
	});

	test('keeps the id of a session over a step-up, and shows it once', async () => {
		const person = await someone(host);
		const [before] = await listOf(person);
		const item = newId();
		await person.commit(person.commitOf({ secrets: [secret(item)] }));
		for (let n = 0; n < 2; n++) {
			const proof = await person.exportProof([item]);
			const exported = await person.readSecrets([item], 'export', proof);
			person.cookie = cookieOf(exported);
			const after = await listOf(person);
			expect(after.map(({ id, current }) => [id, current])).toEqual([[before?.id, true]]);
		}
	});

	test('shows a session once that stepped up twice by one cookie, as two tabs do', async () => {
		const [person, item] = [await someone(host), newId()];
		await person.commit(person.commitOf({ secrets: [secret(item)] }));
		const proofs = [await person.exportProof([item]), await person.exportProof([item])];
		const answers = await Promise.all(
			proofs.map((proof) => person.readSecrets([item], 'export', proof))
		);
		expect(answers.map(({ status }) => status)).toEqual([200, 200]);
		const cookies = answers.map(cookieOf);
		for (const cookie of cookies) {
			expect(await statusOf(Object.assign(new Person(host), { cookie }))).toBe(200);
		}
		expect(await listOf(person)).toHaveLength(1);
	});

	test('is of the last hundred: one more ends the oldest', async () => {
		vi.useFakeTimers({ toFake: ['Date'] });
		const person = await someone(host);
		const browsers: Person[] = [];
		for (let n = 0; n < 100; n++) {
			vi.setSystemTime(Date.now() + 1);
			browsers.push(await elsewhere(person));
		}
		const [second, last] = [browsers[0] ?? person, browsers[99] ?? person];
		expect(await listOf(last)).toHaveLength(100);
		expect([await statusOf(person), await statusOf(second)]).toEqual([401, 200]);
		vi.useRealTimers();
	});
});

describe('the time of last use', () => {
	test('is noted every five minutes at most', async () => {
		vi.useFakeTimers({ toFake: ['Date'] });
		const person = await someone(host);
		const begun = Date.now();
		const usedAfter = async (minutes: number) => {
			vi.setSystemTime(begun + minutes * MINUTE_MS);
			await person.send('/api/v1/account');
			const rows = await host.sql('select used_at from sessions where account = ?', [
				person.account
			]);
			return (Number(rows[0]?.['used_at']) - begun) / MINUTE_MS;
		};
		const seen = [];
		for (const minutes of [1, 4, 5, 9, 12]) seen.push(await usedAfter(minutes));
		vi.useRealTimers();
		expect(seen).toEqual([0, 0, 5, 5, 12]);
	});

	test('costs nobody a request: what cannot be noted is left', async () => {
		vi.useFakeTimers({ toFake: ['Date'] });
		const person = await someone(host);
		vi.setSystemTime(Date.now() + 6 * MINUTE_MS);
		await host.sql(
			"create trigger still before update of used_at on sessions begin select raise(abort, 'full'); end"
		);
		const status = await statusOf(person);
		await host.sql('drop trigger still');
		vi.useRealTimers();
		expect(status).toBe(200);
	});
});

describe('ending another session', () => {
	test('makes it dead at its next request, and no other', async () => {
		const person = await someone(host);
		const [gone, stays] = [await elsewhere(person), await elsewhere(person)];
		const id = (await listOf(gone))[0]?.id ?? '';
		expect((await person.prove(SUDO, `${PATH}/${id}`)).status).toBe(204);
		expect([await statusOf(gone), await statusOf(stays), await statusOf(person)]).toEqual([
			401, 200, 200
		]);
		expect(await eventsOf(person)).toContain('session.ended');
	});

	test('ends what it was before a step-up as well, though that would last a minute', async () => {
		const [person, item] = [await someone(host), newId()];
		await person.commit(person.commitOf({ secrets: [secret(item)] }));
		const gone = await elsewhere(person);
		const stolen = Object.assign(new Person(host), { cookie: gone.cookie });
		const exported = await gone.readSecrets([item], 'export', await gone.exportProof([item]));
		gone.cookie = cookieOf(exported);
		expect([await statusOf(gone), await statusOf(stolen)]).toEqual([200, 200]);
		const id = (await listOf(gone))[0]?.id ?? '';
		expect((await person.prove(SUDO, `${PATH}/${id}`)).status).toBe(204);
		expect([await statusOf(gone), await statusOf(stolen)]).toEqual([401, 401]);
	});

	test("answers for another account's exactly as for none, and for the own", async () => {
		const [person, stranger] = [await someone(host), await someone(host)];
		const theirs = (await listOf(stranger))[0]?.id ?? '';
		const own = (await listOf(person))[0]?.id ?? '';
		for (const id of [theirs, own, newId(), 'no-id']) {
			const response = await person.prove(SUDO, `${PATH}/${id}`);
			expect(await codeOf(response)).toBe('not-found');
		}
		expect([await statusOf(stranger), await statusOf(person)]).toEqual([200, 200]);
	});
});

describe('ending all other sessions', () => {
	test('leaves the one that asked, with a new token, and the other accounts', async () => {
		const [person, stranger] = [await someone(host), await someone(host)];
		const others = [await elsewhere(person), await elsewhere(person)];
		const stolen = Object.assign(new Person(host), { cookie: person.cookie });
		expect((await person.prove(SUDO, PATH)).status).toBe(204);
		expect(person.cookie).not.toBe(stolen.cookie);
		for (const dead of [...others, stolen]) expect(await statusOf(dead)).toBe(401);
		expect([await statusOf(person), await statusOf(stranger)]).toEqual([200, 200]);
		expect(await listOf(person)).toHaveLength(1);
		expect(await eventsOf(person)).toContain('sessions.ended');
	});

	test('ends those of a command line too', async () => {
		const person = await someone(host);
		const browser = new Person(host, person.email);
		const challenge = await browser.challenge({ email: person.email, purpose: 1 });
		const proof = person.signed(challenge, 1);
		const response = await browser.verify(proof, { client: 'cli' });
		const { session } = (await response.json()) as { session: string };
		const bearing = async () =>
			(await host.send(PATH, { headers: { authorization: `Bearer ${session}` } })).status;
		expect(await bearing()).toBe(200);
		expect((await listOf(person)).map(({ client }) => client).sort()).toEqual(['cli', 'web']);
		await person.prove(SUDO, PATH);
		expect(await bearing()).toBe(401);
	});
});

describe('a sign-in by a password that was changed meanwhile', () => {
	test('begins no session: its write looks at the slot again', async () => {
		const person = await someone(host);
		const browser = Object.assign(new Person(host, person.email), { key: person.key });
		const challenge = await browser.challenge({ email: person.email, purpose: 1 });
		const { database } = host.server;
		const write = database.write.bind(database);
		let calls = 0;
		const between = vi.spyOn(database, 'write').mockImplementation(async (statements) => {
			if (++calls === 2) {
				between.mockRestore();
				const commit = person.accountCommitOf({ slots: [passwordSlotOf(person)] });
				expect((await person.sendAccountCommit(commit, { purpose: 3 })).status).toBe(200);
			}
			return await write(statements);
		});
		expect(await codeOf(await browser.verify(browser.signed(challenge, 1)))).toBe('auth');
		expect(await listOf(person)).toHaveLength(1);
	});
});

describe('a step-up in a session that was ended meanwhile', () => {
	test('begins no other one', async () => {
		const person = await someone(host);
		const other = await elsewhere(person);
		const headers = await other.proofOf(SUDO, 'DELETE', PATH);
		const { database } = host.server;
		const write = database.write.bind(database);
		let calls = 0;
		const between = vi.spyOn(database, 'write').mockImplementation(async (statements) => {
			if (++calls === 2) {
				between.mockRestore();
				expect((await person.prove(SUDO, PATH)).status).toBe(204);
			}
			return await write(statements);
		});
		const response = await other.send(PATH, { method: 'DELETE', headers });
		expect(await codeOf(response)).toBe('proof');
		expect(response.headers.get('set-cookie')).toBeNull();
		expect(await listOf(person)).toHaveLength(1);
	});
});
