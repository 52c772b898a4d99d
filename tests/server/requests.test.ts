/** Requests that are not what a browser of the own origin would send. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes, type Route } from '#lib/api/routes.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { CommitRequest } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { Host, ORIGIN, type Sent } from './host.ts';
import { codeOf, Person, random, secret, someone } from './person.ts';

let host: Host;
let person: Person;

beforeAll(async () => {
	host = await Host.open({ LIMIT_REQUESTS: '100000/m', LIMIT_AUTH: '100000/m' });
	person = await someone(host);
});

afterAll(async () => {
	await host.remove();
});

const unsafe: Route[] = Object.values<Route>(routes).filter(({ method }) => method !== 'GET');
const posts = unsafe.filter(({ method }) => method === 'POST');

function pathOf({ path }: Route): string {
	return path.replace(':vault', person.vault);
}

async function code(path: string, sent: Sent): Promise<string> {
	return await codeOf(await host.send(path, sent));
}

describe.each(unsafe)('$method $path', (route) => {
	const json = { 'content-type': 'application/json' };

	test.each([
		{},
		{ origin: 'null' },
		{ origin: 'https://vault.example.org.evil.example' },
		{ origin: 'http://vault.example.org' },
		{ origin: 'https://vault.example.org:444' },
		{ origin: 'https://sub.vault.example.org' },
		{ origin: 'HTTPS://vault.example.org' },
		{ 'sec-fetch-site': 'same-site' },
		{ 'sec-fetch-site': 'cross-site' },
		{ 'sec-fetch-site': 'none' },
		{ origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }
	])('is refused from %o', async (from) => {
		const headers = { cookie: person.cookie, ...json, ...from };
		expect(await code(pathOf(route), { method: route.method, headers })).toBe('origin');
	});

	test('is taken from a page of its own that sends no origin', async () => {
		const headers = { 'sec-fetch-site': 'same-origin', ...json };
		const response = await host.send(pathOf(route), { method: route.method, headers });
		expect(response.status).not.toBe(403);
	});
});

describe.each(posts)('$path', (route) => {
	test.each([
		'',
		'text/plain',
		'application/x-www-form-urlencoded',
		'application/json; charset=latin1',
		'application/jsonp',
		'multipart/form-data; boundary=application/json'
	])('is refused as "%s"', async (type) => {
		const headers = { origin: ORIGIN, cookie: person.cookie, 'content-type': type };
		expect(await code(pathOf(route), { method: 'POST', headers, body: '{}' })).toBe('media-type');
	});

	test.each([
		'',
		'{',
		'null',
		'[]',
		'"text"',
		'{}',
		'{"__proto__":{}}',
		'\ufeff{}',
		'{"a":1e999}',
		'['.repeat(20_000)
	])('is malformed as %s', async (body) => {
		const headers = { origin: ORIGIN, cookie: person.cookie, 'content-type': 'application/json' };
		expect(await code(pathOf(route), { method: 'POST', headers, body })).toBe('malformed');
	});

	test('is malformed with bytes that are not UTF-8', async () => {
		const body = streamOf(Uint8Array.of(0x22, 0xff, 0x22));
		const headers = { origin: ORIGIN, cookie: person.cookie, 'content-type': 'application/json' };
		expect(await code(pathOf(route), { method: 'POST', headers, body })).toBe('malformed');
	});

	test('takes a body of the limit and refuses one byte more', async () => {
		const at = (length: number) => `"${'a'.repeat(length - 2)}"`;
		const sent = (length: number) => person.send(pathOf(route), post(at(length)));
		expect(await codeOf(await sent(route.maxBodyBytes))).toBe('malformed');
		const over = await sent(route.maxBodyBytes + 1);
		expect(await codeOf(over)).toBe('too-large');
		expect(over.headers.get('connection')).toBe('close');
	});

	test('refuses a length that is claimed, before any of it has come', async () => {
		let pulled = 0;
		const body = new ReadableStream<Uint8Array>(
			{
				pull: () => {
					pulled++;
				}
			},
			{ highWaterMark: 0 }
		);
		const length = { 'content-length': String(route.maxBodyBytes + 1) };
		const response = await person.send(pathOf(route), post(body, length));
		expect(await codeOf(response)).toBe('too-large');
		expect(pulled).toBe(0);
	});

	test('stops reading a body that never ends, whatever length it claims', async () => {
		let sent = 0;
		const piece = new Uint8Array(64 * 1024).fill(0x20);
		const body = new ReadableStream<Uint8Array>({
			pull: (controller) => {
				sent += piece.length;
				controller.enqueue(piece);
			}
		});
		const response = await person.send(pathOf(route), post(body, { 'content-length': '2' }));
		expect(await codeOf(response)).toBe('too-large');
		expect(sent).toBeLessThan(route.maxBodyBytes + 4 * piece.length);
	});

	test('is malformed if the body breaks off', async () => {
		const body = new ReadableStream<Uint8Array>({
			start: (controller) => {
				controller.error(new Error('aborted'));
			}
		});
		expect(await codeOf(await person.send(pathOf(route), post(body)))).toBe('malformed');
	});
});

function post(body: string | ReadableStream<Uint8Array>, more: Record<string, string> = {}): Sent {
	return { method: 'POST', body, headers: { 'content-type': 'application/json', ...more } };
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
	return new ReadableStream({
		start: (controller) => {
			controller.enqueue(bytes);
			controller.close();
		}
	});
}

describe('a body with more in it', () => {
	test.each(['extra', '__proto__', 'constructor', 'wrap'])('is malformed: %s', async (name) => {
		const request = z.encode(CommitRequest, person.commitOf({ secrets: [secret()] }));
		const text = JSON.stringify(request).replace('{', `{"${name}":1,`);
		const path = `/api/v1/vaults/${person.vault}/commits`;
		expect(await codeOf(await person.send(path, post(text)))).toBe('malformed');
	});

	test('is malformed deeper down too', async () => {
		const stranger = new Person(host);
		const text = JSON.stringify({
			...JSON.parse(JSON.stringify({ expected: { seq: 1, head: encode(random(32)), more: 1 } })),
			manifest: encode(random(448))
		});
		stranger.cookie = person.cookie;
		expect(await codeOf(await stranger.send('/api/v1/account/commits', post(text)))).toBe(
			'malformed'
		);
	});
});

describe('registration', () => {
	test.each([
		'00'.repeat(32),
		`01${'00'.repeat(31)}`,
		`ec${'ff'.repeat(30)}7f`,
		`ee${'ff'.repeat(31)}`
	])('refuses the public key %s', async (key) => {
		const weak = new Person(host);
		Object.assign(weak, { key: { ...weak.key, publicKey: Buffer.from(key, 'hex') } });
		expect(await codeOf(await weak.register())).toBe('malformed');
	});

	test.each([
		['closed', 'This server takes no new accounts.'],
		[
			'invite',
			'This server takes new accounts by invitation only, and invitations cannot be used yet.'
		]
	])('is refused with a sentence when it is %s', async (registration, title) => {
		const closed = await Host.open({ REGISTRATION: registration });
		const response = await new Person(closed).register();
		expect(response.status).toBe(403);
		expect(await response.json()).toMatchObject({ code: 'closed', title });
		await closed.remove();
	});

	test('of an account id that is taken is refused', async () => {
		const twin = new Person(host);
		Object.assign(twin, { account: person.account });
		expect(await codeOf(await twin.register())).toBe('taken');
	});
});

describe('an address under /api', () => {
	test.each(['/api/', '/api/v1', '/api/v1/nothing', '/api/v2/account'])(
		'that does not exist is a problem: %s',
		async (path) => {
			const response = await host.send(path);
			expect(response.status).toBe(404);
			expect(response.headers.get('content-type')).toBe('application/problem+json');
		}
	);

	test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'POST'])(
		'takes no other method: %s /api/v1/account',
		async (method) => {
			const response = await person.send('/api/v1/account', { method });
			expect(response.status).toBe(405);
			expect(await codeOf(response)).toBe('method');
		}
	);

	test.each(['?after=-1', '?after=1.5', '?after=1e3', '?after=', '?after=1&after=2', '?before=1'])(
		'refuses the query %s',
		async (query) => {
			expect(await codeOf(await person.send(`/api/v1/account${query}`))).toBe('malformed');
		}
	);

	test.each(['?chain=1', '?after=0&chain=1'])('knows no %s of the account', async (query) => {
		expect(await codeOf(await person.send(`/api/v1/account${query}`))).toBe('malformed');
	});

	test.each(['?chain=-1', '?chain=1&chain=1', '?after=0&chain=', '?after=0&chain=1&more=1'])(
		'refuses the query %s of a vault',
		async (query) => {
			const response = await person.send(`/api/v1/vaults/${person.vault}${query}`);
			expect(await codeOf(response)).toBe('malformed');
		}
	);

	test('refuses a seq above 2^53 - 1', async () => {
		const response = await person.send('/api/v1/account?after=9007199254740992');
		expect(await codeOf(response)).toBe('malformed');
	});

	test('answers no-store, good or bad', async () => {
		const good = await person.send('/api/v1/account');
		const bad = await host.send('/api/v1/account');
		expect(good.headers.get('cache-control')).toBe('no-store');
		expect(bad.headers.get('cache-control')).toBe('no-store');
	});
});

describe('/readyz', () => {
	test('is well while the database answers', async () => {
		expect((await host.send('/readyz')).status).toBe(200);
	});
});
