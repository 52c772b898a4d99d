/** Accounts divided among four databases behind one process: each is in one, and found there. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { sessions } from '#lib/server/db/schema.ts';
import { eventsOf, lastOf } from '../server/asked.ts';
import { Authenticator } from '../server/authenticator.ts';
import { KEY_A, KEY_B, type Host } from '../server/host.ts';
import { UNLIMITED } from '../server/mailing.ts';
import { codeOf, Person, secret, sheet, someone } from '../server/person.ts';
import { smtpVariables, startSmtp, tokenIn, type SmtpCatcher } from '../smtp.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';
import { Divided, emailIn, foundIn, homesOf, LAST, SHARDS } from './divided.ts';

const ALL = Array.from({ length: SHARDS }, (_, index) => index);

let divided: Divided;
let host: Host;

beforeAll(async () => {
	divided = await Divided.open();
	host = await divided.host(UNLIMITED);
});

afterAll(async () => {
	await divided.remove();
});

async function expectCommitted(person: Person): Promise<void> {
	const { outcome } = await person.commit(
		person.commitOf({ sheets: [sheet()], secrets: [secret()] })
	);
	expect(outcome).toBe('stored');
}

async function recover(person: Person, more: Record<string, unknown> = {}): Promise<Response> {
	const challenge = await person.challenge({ locator: encode(person.locator), purpose: 1 });
	return await person.verify(person.signed(challenge, 1, { key: person.recoveryKey }), more);
}

describe.skipIf(SQLD_MISSING)('an account', () => {
	test.each(ALL)('of an address of database %i is there alone, with all it has', async (index) => {
		const person = await someone(host, emailIn(index));
		await expectCommitted(person);
		expect((await person.getVault()).manifest.seq).toBe(2);
		expect(await homesOf(host, person)).toEqual([index]);
		const counts = await foundIn(host.server, ({ database: { orm } }) =>
			orm.select().from(sessions).where(eq(sessions.account, person.account))
		);
		expect(counts).toEqual([index]);
	});

	test.each([1, LAST])('of database %i is found by its recovery kit', async (index) => {
		const person = await someone(host, emailIn(index));
		const fresh = Object.assign(new Person(host, person.email), person, { cookie: '' });
		expect((await recover(fresh)).status).toBe(200);
		expect((await fresh.getAccount()).email).toBe(person.email);
	});

	test.each([1, LAST])('of database %i is found by its passkey, and by no other', async (index) => {
		const person = await someone(host, emailIn(index));
		const passkey = new Authenticator();
		const commit = person.accountCommitOf({ slots: [passkey.enrolled()] });
		expect((await person.sendAccountCommit(commit, { purpose: 3 })).status).toBe(200);
		const browser = new Person(host);
		const challenge = await browser.challenge({ passkey: true, purpose: 1 });
		const stranger = await browser.verify(new Authenticator().proof(challenge, 1));
		expect(await codeOf(stranger)).toBe('auth');
		const proof = passkey.proof(challenge, 1);
		expect((await browser.verify(proof)).status).toBe(200);
		expect((await browser.getAccount()).email).toBe(person.email);
		expect(await codeOf(await browser.verify(proof))).toBe('auth');
	});

	test('is refused a second time, and by an address in other letters', async () => {
		const { email } = await someone(host, emailIn(2));
		expect(await codeOf(await new Person(host, email.toUpperCase()).register())).toBe('taken');
	});

	test('is gone from its database when it is deleted, and its address free', async () => {
		const person = await someone(host, emailIn(1));
		expect((await person.prove({ purpose: 6 }, '/api/v1/account')).status).toBe(204);
		expect(await homesOf(host, person)).toEqual([]);
		await someone(host, person.email);
	});

	test('is not another of the same id: what one proves or holds is nothing to the other', async () => {
		const [one, other] = [await someone(host, emailIn(0)), new Person(host, emailIn(1))];
		const copy = Object.assign(other, { account: one.account });
		expect((await copy.register()).status).toBe(200);
		await copy.signIn();
		expect(await homesOf(host, one)).toEqual([0, 1]);
		const challenge = await one.challenge({ slot: one.passwordSlot, purpose: 8 });
		expect(await codeOf(await copy.verify(one.signed(challenge, 8)))).toBe('auth');
		expect((await copy.getAccount()).email).toBe(copy.email);
		expect((await one.getAccount()).email).toBe(one.email);
	});
});

describe.skipIf(SQLD_MISSING)('signing in', () => {
	test.each([0, 1])('takes the place of a session of database %i', async (index) => {
		const [one, other] = [await someone(host, emailIn(0)), await someone(host, emailIn(index))];
		const { cookie } = one;
		const browser = Object.assign(new Person(host, other.email), other, { cookie });
		await browser.signIn();
		expect((await browser.getAccount()).email).toBe(other.email);
		expect((await one.send('/api/v1/account', { headers: { cookie } })).status).toBe(401);
	});

	test('with an unknown address is answered the same at every try, and by a wrong password', async () => {
		const nobody = new Person(host);
		const ask = () => nobody.challenge({ email: nobody.email, purpose: 1 });
		const [first, second] = [await ask(), await ask()];
		expect([second.account, second.slot, second.salt]).toEqual([
			first.account,
			first.slot,
			first.salt
		]);
		expect(await codeOf(await nobody.verify(nobody.signed(first, 1)))).toBe('auth');
	});

	test('takes a challenge once', async () => {
		const person = await someone(host, emailIn(3));
		const signed = person.signed(await person.challenge({ email: person.email, purpose: 1 }), 1);
		expect((await person.verify(signed)).status).toBe(200);
		expect(await codeOf(await person.verify(signed))).toBe('auth');
	});
});

describe.skipIf(SQLD_MISSING)('another process, and the same one started again', () => {
	test('find everybody, and the sessions that they have', async () => {
		const people = await Promise.all(ALL.map((index) => someone(host, emailIn(index))));
		for (const person of people) await expectCommitted(person);
		const other = await divided.host(UNLIMITED);
		await host.stop();
		await host.start({
			...UNLIMITED,
			DATABASE_URL: '',
			DATABASE_SHARDS: divided.urls.join(',')
		});
		for (const person of people) {
			expect((await person.getVault()).manifest.seq).toBe(2);
			await Object.assign(Object.create(person) as Person, { host: other }).signIn();
		}
	});
});

describe.skipIf(SQLD_MISSING)('mails', () => {
	let smtp: SmtpCatcher;
	let mailing: Host;

	beforeAll(async () => {
		smtp = await startSmtp();
		mailing = await divided.host({ ...UNLIMITED, ...smtpVariables(smtp) });
	});

	afterAll(async () => {
		await smtp.stop();
	});

	test.each([0, LAST])(
		'lead whoever is in database %i to confirm, recover and start over',
		async (index) => {
			const person = new Person(mailing, emailIn(index));
			await person.register();
			const post = async (path: string, json: unknown) =>
				(await person.post(`/api/v1/${path}`, json)).status;
			const link = async () => tokenIn(await smtp.next(person.email));
			expect(await post('confirmations/mails', { email: person.email })).toBe(204);
			await link();
			expect(await post('confirmations', { token: await link() })).toBe(204);
			expect(await homesOf(host, person)).toEqual([index]);
			await post('recoveries/mails', { email: person.email });
			expect((await recover(person, { link: await link() })).status).toBe(200);
			await smtp.next(person.email);
			await post('erasures/mails', { email: person.email });
			expect(await post('erasures', { token: await link() })).toBe(200);
			expect(await post('erasures/stops', { token: await link() })).toBe(204);
		}
	);
});

describe.skipIf(SQLD_MISSING)('what the host asks', () => {
	test('is told of all of them', async () => {
		const person = await someone(host, emailIn(2));
		const listed = await eventsOf(host, { command: 'accounts' });
		expect(listed).toContainEqual(expect.objectContaining({ email: person.email }));
		const checked = await lastOf(host, { command: 'check' }, 'checked');
		expect(checked).toMatchObject({ accounts: listed.length, findings: 0 });
		const away = await lastOf(
			host,
			{ command: 'delete-account', email: person.email },
			'account-deleted'
		);
		expect(away).toEqual({ event: 'account-deleted' });
		expect(await homesOf(host, person)).toEqual([]);
	});
});

describe.skipIf(SQLD_MISSING)('the first account of all', () => {
	test('needs the set-up code, and those of the other databases none', async () => {
		const fresh = await Divided.open();
		const empty = await fresh.host();
		const stranger = Object.assign(new Person(empty, emailIn(0)), {
			host: { send: empty.send.bind(empty) }
		});
		expect(await codeOf(await stranger.register())).toBe('setup-code');
		await someone(empty, emailIn(3));
		expect((await stranger.register()).status).toBe(200);
		await fresh.remove();
	});
});

describe.skipIf(SQLD_MISSING)('a new key of the host', () => {
	test('wraps what is in all of them', async () => {
		const fresh = await Divided.open();
		const old = await fresh.host({ ENCRYPTION_KEYS: KEY_A });
		const people = await Promise.all(ALL.map((index) => someone(old, emailIn(index))));
		await old.stop();
		const next = await fresh.host({ ENCRYPTION_KEYS: `${KEY_B},${KEY_A}` });
		const end = await lastOf(next, { command: 'rotate-keys' }, 'keys-rotated');
		expect(end).toMatchObject({ unopened: 0, removable: [expect.any(String)] });
		await next.stop();
		const alone = await fresh.host({ ENCRYPTION_KEYS: KEY_B });
		for (const person of people) {
			await Object.assign(Object.create(person) as Person, { host: alone }).signIn();
		}
		await fresh.remove();
	});
});

describe.skipIf(SQLD_MISSING)('a database that moves to a server of its own', () => {
	test('takes its accounts along, as a copied folder and another address', async () => {
		const fresh = await Divided.open();
		const before = await fresh.host();
		const people = await Promise.all([0, LAST].map((index) => someone(before, emailIn(index))));
		for (const person of people) await expectCommitted(person);
		await before.stop();
		const own = await Sqld.primary();
		const name = `shard${LAST}`;
		await own.makeNamespace(name);
		for (const sqld of [fresh.last, own]) await sqld.kill();
		fresh.last.copyTo(own, name);
		await own.start();
		const door = await Door.to(own);
		const after = await fresh.host({}, [...fresh.urls.slice(0, LAST), door.url(name)]);
		for (const person of people) {
			const there = Object.assign(Object.create(person) as Person, { host: after });
			expect((await there.getVault()).manifest.seq).toBe(2);
			await there.signIn();
			await expectCommitted(there);
		}
		await fresh.remove();
		door.close();
		await own.remove();
	});
});

describe.skipIf(SQLD_MISSING)('a server that is given other databases', () => {
	test.each([
		['in another order', (urls: readonly string[]) => [...urls].reverse()],
		['fewer of them', (urls: readonly string[]) => urls.slice(0, -1)]
	])('does not start: %s', async (_how, change) => {
		await expect(divided.host({}, change(divided.urls))).rejects.toThrow(
			'neither their number nor their order can change'
		);
	});

	test('does not start where one of them is not there', async () => {
		const urls = divided.urls.with(1, divided.urls[1]?.replace('shard1', 'nowhere') ?? '');
		await expect(divided.host({}, urls)).rejects.toThrow(
			/^database 2 of 4: the libSQL server cannot be used.* is there such a database/
		);
	});
});
