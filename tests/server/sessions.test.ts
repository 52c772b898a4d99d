/** Sessions, by what the database holds afterwards. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hex } from '#lib/encoding/bytes.ts';
import { prune } from '#lib/server/prune.ts';
import { Host, ORIGIN } from './host.ts';
import { codeOf, parsed, someone, type Person } from './person.ts';
import { VerifyReply } from '#lib/api/auth.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let host: Host;

beforeAll(async () => {
	host = await Host.open();
});

afterAll(async () => {
	await host.remove();
});

async function rowsOf(person: Person) {
	return await host.sql('select * from sessions where account = ?', [person.account]);
}

async function setTimes(person: Person, createdAt: number, expiresAt: number): Promise<void> {
	await host.sql('update sessions set created_at = ?, expires_at = ? where account = ?', [
		createdAt,
		expiresAt,
		person.account
	]);
}

async function statusOf(person: Person): Promise<number> {
	return (await person.send('/api/v1/account')).status;
}

describe('a session', () => {
	test('is stored as the hash of its token', async () => {
		const person = await someone(host);
		const token = person.cookie.replace('__Host-keyhold=', '');
		const [row] = await rowsOf(person);
		const stored = new Uint8Array(row?.['token_hash'] as ArrayBuffer);
		expect(hex(stored)).toBe(createHash('sha256').update(token).digest('hex'));
	});

	test('travels in a cookie that scripts, other sites and other hosts cannot touch', async () => {
		const person = await someone(host);
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const cookie = (await person.verify(person.signed(challenge, 1))).headers.get('set-cookie');
		expect(cookie).toMatch(/^__Host-keyhold=[\w-]{43}; /);
		for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) {
			expect(cookie?.split('; ')).toContain(attribute);
		}
		expect(cookie).not.toContain('Domain');
	});

	test('is gone from the database after signing out, and the cookie is worth nothing', async () => {
		const person = await someone(host);
		const response = await person.send('/api/v1/auth/session', { method: 'DELETE' });
		expect(response.status).toBe(204);
		expect(response.headers.get('set-cookie')).toMatch(/^__Host-keyhold=; .*Max-Age=0/);
		expect(response.headers.get('clear-site-data')).toBe('"cache"');
		expect(await rowsOf(person)).toHaveLength(0);
		expect(await statusOf(person)).toBe(401);
	});

	test('is replaced by a new one at every sign-in of the same browser', async () => {
		const person = await someone(host);
		const before = person.cookie;
		await person.signIn();
		expect(person.cookie).not.toBe(before);
		expect(await rowsOf(person)).toHaveLength(1);
	});

	test('of another account in the same browser ends when someone signs in', async () => {
		const [first, second] = [await someone(host), await someone(host)];
		second.cookie = first.cookie;
		await second.signIn();
		expect(await rowsOf(first)).toHaveLength(0);
	});

	test('slides: past half of its idle time the database holds a later end', async () => {
		const person = await someone(host);
		await setTimes(person, Date.now() - DAY_MS, Date.now() + 5 * HOUR_MS);
		const response = await person.send('/api/v1/account');
		expect(response.headers.get('set-cookie')).toContain(person.cookie);
		const [row] = await rowsOf(person);
		expect(Number(row?.['expires_at'])).toBeGreaterThan(Date.now() + 11 * HOUR_MS);
	});

	test('is left alone in the first half of its idle time', async () => {
		const person = await someone(host);
		const end = Date.now() + 7 * HOUR_MS;
		await setTimes(person, Date.now() - DAY_MS, end);
		const response = await person.send('/api/v1/account');
		expect(response.headers.get('set-cookie')).toBeNull();
		expect(Number((await rowsOf(person))[0]?.['expires_at'])).toBe(end);
	});

	test('that was idle for too long is refused and deleted', async () => {
		const person = await someone(host);
		await setTimes(person, Date.now() - DAY_MS, Date.now() - 1);
		expect(await statusOf(person)).toBe(401);
		expect(await rowsOf(person)).toHaveLength(0);
	});

	test('ends after seven days, however much it is used', async () => {
		const person = await someone(host);
		await setTimes(person, Date.now() - 7 * DAY_MS, Date.now() + 9 * HOUR_MS);
		expect(await statusOf(person)).toBe(401);
		expect(await rowsOf(person)).toHaveLength(0);
	});

	test('slides up to its absolute end and not beyond', async () => {
		const person = await someone(host);
		const created = Date.now() - 7 * DAY_MS + 2 * HOUR_MS;
		await setTimes(person, created, Date.now() + HOUR_MS);
		expect(await statusOf(person)).toBe(200);
		expect(Number((await rowsOf(person))[0]?.['expires_at'])).toBe(created + 7 * DAY_MS);
	});

	test('is revoked by its handle, by its own account only', async () => {
		const [person, stranger] = [await someone(host), await someone(host)];
		const handle = (await rowsOf(person))[0]?.['handle'] as string;
		expect(await host.server.sessions.revoke(stranger.account, handle)).toBe(false);
		expect(await statusOf(person)).toBe(200);
		expect(await host.server.sessions.revoke(person.account, handle)).toBe(true);
		expect(await statusOf(person)).toBe(401);
	});

	test('that ended is forgotten in time', async () => {
		const [person, other] = [await someone(host), await someone(host)];
		await setTimes(person, Date.now() - DAY_MS, Date.now() - 1);
		await prune(host.server);
		expect(await rowsOf(person)).toHaveLength(0);
		expect(await rowsOf(other)).toHaveLength(1);
	});
});

describe("a command line's session", () => {
	async function signIn(person: Person): Promise<string> {
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const response = await person.verify(person.signed(challenge, 1), { client: 'cli' });
		expect(response.headers.get('set-cookie')).toBeNull();
		return (await parsed(VerifyReply, response)).session ?? '';
	}

	async function bearing(token: string): Promise<number> {
		const headers = { authorization: `Bearer ${token}` };
		return (await host.send('/api/v1/account', { headers })).status;
	}

	test('is given in the reply and taken as a bearer token', async () => {
		const person = await someone(host);
		expect(await bearing(await signIn(person))).toBe(200);
	});

	test('is not taken as a cookie, nor a cookie as a bearer token', async () => {
		const person = await someone(host);
		const web = person.cookie.replace('__Host-keyhold=', '');
		expect(await bearing(web)).toBe(401);
		person.cookie = '';
		const token = await signIn(person);
		const headers = { cookie: `__Host-keyhold=${token}`, origin: ORIGIN };
		expect((await host.send('/api/v1/account', { headers })).status).toBe(401);
	});

	test('is not taken without the word "Bearer"', async () => {
		const person = await someone(host);
		const headers = { authorization: await signIn(person) };
		expect((await host.send('/api/v1/account', { headers })).status).toBe(401);
	});

	test('ends after thirty days', async () => {
		const person = await someone(host);
		person.cookie = '';
		const token = await signIn(person);
		await setTimes(person, Date.now() - 29 * DAY_MS, Date.now() + HOUR_MS);
		expect(await bearing(token)).toBe(200);
		await setTimes(person, Date.now() - 30 * DAY_MS, Date.now() + HOUR_MS);
		expect(await bearing(token)).toBe(401);
	});
});

describe('a proxy that asks for a password of its own', () => {
	test('does not keep the session of a browser from being seen', async () => {
		const person = await someone(host);
		const headers = { cookie: person.cookie, authorization: 'Basic YTpi' };
		expect((await host.send('/api/v1/account', { headers })).status).toBe(200);
	});
});

describe('a request without a session', () => {
	test.each([
		'',
		'__Host-keyhold=',
		'__Host-keyhold=%',
		'%=%; __Host-keyhold=%zz',
		`__Host-keyhold=${'A'.repeat(43)}`,
		`__Host-keyhold=${'A'.repeat(5_000)}`,
		`keyhold=${'A'.repeat(43)}`
	])('is refused with the cookie "%s"', async (cookie) => {
		const response = await host.send('/api/v1/account', { headers: { cookie } });
		expect(response.status).toBe(401);
		expect(await codeOf(response)).toBe('auth');
	});

	test.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', `Bearer ${'A'.repeat(43)}`])(
		'is refused with the authorization "%s"',
		async (authorization) => {
			const response = await host.send('/api/v1/account', { headers: { authorization } });
			expect(response.status).toBe(401);
		}
	);
});

describe('the cookies of a request', () => {
	async function statusWith(cookie: string): Promise<number> {
		return (await host.send('/api/v1/account', { headers: { cookie } })).status;
	}

	/** `__Host-keyhold` as a neighbouring host may set it: browsers guard the plain name only. */
	const DISGUISES = [
		'__%48ost-keyhold',
		'%5F%5FHost-keyhold',
		'__Host-keyhol%64',
		'__host-keyhold',
		'\xa0__Host-keyhold'
	];

	test.each(DISGUISES)(
		'a neighbouring host that plants its own session as %s does not sign the person in as itself',
		async (name) => {
			const attacker = await someone(host);
			const token = attacker.cookie.replace('__Host-keyhold=', '');
			expect(await statusWith(`${name}=${token}`)).toBe(401);
		}
	);

	test.each(DISGUISES)(
		'a neighbouring host that plants its own session as %s leaves the person in their own account',
		async (name) => {
			const [person, attacker] = [await someone(host), await someone(host)];
			const token = attacker.cookie.replace('__Host-keyhold=', '');
			const headers = new Headers({ cookie: `${person.cookie}; ${name}=${token}` });
			expect((await host.server.sessions.find(headers))?.account).toBe(person.account);
		}
	);

	test('two sessions in one request are none: nothing says which is meant', async () => {
		const [person, attacker] = [await someone(host), await someone(host)];
		expect(await statusWith(`${person.cookie}; ${attacker.cookie}`)).toBe(401);
		expect(await statusWith(`${attacker.cookie}; ${person.cookie}`)).toBe(401);
	});

	test.each(['theme=100%', '%=%', '=', ';', 'a=%zz', 'é=ü', 'alone', '"quoted=1; 2"'])(
		'another program of the same host cannot sign the person out with the cookie %s',
		async (foreign) => {
			const person = await someone(host);
			expect(await statusWith(`${foreign}; ${person.cookie}`)).toBe(200);
			expect(await statusWith(`${person.cookie}; ${foreign}`)).toBe(200);
		}
	);

	test('need no space between them', async () => {
		const person = await someone(host);
		expect(await statusWith(`a=b;${person.cookie};c=d`)).toBe(200);
	});
});
