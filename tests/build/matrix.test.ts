/**
 * Everything with everything, on the built server: origins x content types x methods x cookies, and
 * two accounts x routes x methods.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NoteRequest } from '#lib/api/activity.ts';
import { NOTE_MIN_BYTES } from '#lib/api/limits.ts';
import { routes, type Route } from '#lib/api/routes.ts';
import { CommitRequest } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { newId, secret, sheet, type Person } from '../server/person.ts';
import { ask, codeIn, settled, UNLIMITED, type Asking } from './traveller.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

let server: ServerProcess;
let owner: Person;
let stranger: Person;

beforeAll(async () => {
	server = await startServer({ ...UNLIMITED, ADDRESS_HEADER: 'X-Real-IP' });
	owner = await settled(() => server);
	stranger = await anotherPerson();
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

async function anotherPerson(): Promise<Person> {
	return await settled(() => server);
}

describe('a request that changes something', () => {
	/** Undefined: the header is left out. */
	const origins = (): [string | undefined, string | undefined, boolean][] => [
		[server.origin, undefined, true],
		[server.origin, 'same-origin', true],
		[server.origin, 'cross-site', true],
		[undefined, 'same-origin', true],
		[undefined, undefined, false],
		[undefined, 'same-site', false],
		[undefined, 'cross-site', false],
		[undefined, 'none', false],
		['null', undefined, false],
		['', undefined, false],
		[server.origin.replace('http:', 'https:'), undefined, false],
		[server.origin.replace('localhost', '127.0.0.1'), undefined, false],
		[server.origin.replace(/\d+$/, '1'), undefined, false],
		[`${server.origin}.evil.example`, undefined, false],
		['https://evil.example', 'same-origin', false]
	];
	const TYPES: [string | undefined, boolean][] = [
		['application/json', true],
		['application/json; charset=utf-8', true],
		['APPLICATION/JSON', true],
		[undefined, false],
		['', false],
		['text/plain', false],
		['application/x-www-form-urlencoded', false],
		['multipart/form-data; boundary=x', false],
		['application/json, text/plain', false],
		['application/csp-report', false]
	];
	const cookies = (): [string | undefined, boolean][] => [
		[owner.cookie, true],
		[undefined, false],
		['__Host-keyhold=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', false],
		[owner.cookie.replace('__Host-', ''), false],
		[`${owner.cookie}; ${stranger.cookie}`, false]
	];

	test.each(METHODS)(
		'by %s is done from the own origin, as JSON, with the session, and never else',
		async (method) => {
			let done = 0;
			for (const [origin, site, ownOrigin] of origins()) {
				for (const [type, json] of TYPES) {
					for (const [cookie, session] of cookies()) {
						const right = ownOrigin && json && session && method === 'POST';
						const told = await ask(server.port, {
							method,
							path: `/api/v1/vaults/${owner.vault}/commits`,
							headers: {
								...(origin === undefined ? {} : { origin }),
								...(site === undefined ? {} : { 'sec-fetch-site': site }),
								...(type === undefined ? {} : { 'content-type': type }),
								...(cookie === undefined ? {} : { cookie })
							},
							// Each may be the one that is taken.
							body: JSON.stringify(z.encode(CommitRequest, owner.commitOf()))
						});
						const given = JSON.stringify({ method, origin, site, type, cookie: session });
						if (right) {
							expect(told.status, given).toBe(409);
							done++;
						} else {
							expect([401, 403, 405, 415], given).toContain(told.status);
						}
					}
				}
			}
			expect(done).toBe(method === 'POST' ? 4 * 3 : 0);
			expect((await owner.getVault()).manifest.seq).toBe(owner.seq);
		}
	);

	beforeAll(async () => {
		// What is sent conflicts with this, so that all of it can be the same.
		const before = owner.commitOf();
		await owner.commit(before);
		owner.head = before.expected.head;
		expect(owner.seq).toBe(2);
	});
});

describe('two accounts', () => {
	const hidden = secret();
	/** Of the owner, in the place of each parameter. */
	const theirs: Record<string, string> = {};

	beforeAll(async () => {
		const victim = await anotherPerson();
		await victim.commit(victim.commitOf({ sheets: [sheet()], secrets: [hidden] }));
		const { sessions } = JSON.parse(
			await (await victim.send('/api/v1/account/sessions')).text()
		) as { sessions: { id: string }[] };
		Object.assign(theirs, {
			account: victim.account,
			email: victim.email,
			vault: victim.vault,
			session: sessions[0]?.id,
			slot: victim.passwordSlot,
			rotation: newId()
		});
	});

	/** What is answered, without the numbers that each answer has of its own. */
	async function told(asking: Asking): Promise<string> {
		const { status, headers, body } = await ask(server.port, asking);
		const { date, etag, ...rest } = headers;
		expect(date).toBeDefined();
		const text = body
			.replace(/"number":"[0-9a-f]+"/, '')
			.replace(/"(challenge|token)":"[^"]+"/g, '');
		return JSON.stringify({ status, rest, etag: etag === undefined, text });
	}

	function asStranger(route: Route, method: string, id: (name: string) => string): Asking {
		const path = route.path.replace(/:([a-z]+)/g, (_, name: string) => id(name));
		const bodies = {
			[routes.secrets.path]: { items: [hidden.item], purpose: 'copy' },
			[routes.vaultCommit.path]: z.encode(CommitRequest, owner.commitOf()),
			[routes.note.path]: z.encode(NoteRequest, {
				...{ id: newId(), act: 'changed' as const },
				blob: new Uint8Array(NOTE_MIN_BYTES)
			})
		};
		return {
			method,
			path,
			headers: {
				origin: server.origin,
				cookie: stranger.cookie,
				'content-type': 'application/json'
			},
			body: method === 'POST' ? JSON.stringify(bodies[route.path] ?? {}) : ''
		};
	}

	const all = Object.entries<Route>(routes);
	const named = all.filter(([, { path }]) => path.includes(':'));

	test.each(named)('%s answers for another’s id as for none, by every method', async (_, route) => {
		for (const method of METHODS) {
			const nobodys = newId();
			const foreign = await told(asStranger(route, method, (name) => theirs[name] ?? ''));
			const none = await told(asStranger(route, method, () => nobodys));
			expect(foreign, method).toBe(none);
			if (method === route.method && !route.path.includes(':rotation')) {
				expect(foreign).toMatch(/"status":(404|403)/);
			}
		}
	});

	test.each(all)('%s tells a stranger nothing of the other, by any method', async (_, route) => {
		// What ends the stranger's own session is not part of it.
		const methods = METHODS.filter((method) => method !== 'DELETE');
		for (const method of methods) {
			const answer = await told(asStranger(route, method, (name) => theirs[name] ?? ''));
			for (const [name, value] of Object.entries(theirs)) {
				if (name !== 'rotation') expect(answer, `${method} ${name}`).not.toContain(value);
			}
			expect(answer).not.toContain(hidden.item);
		}
	});
});

describe('headers that anybody can forge', () => {
	const LIES = {
		forwarded: 'for=203.0.113.9;host=evil.example;proto=https',
		'x-forwarded-for': '203.0.113.9',
		'x-forwarded-host': 'evil.example',
		'x-forwarded-port': '444',
		'x-forwarded-proto': 'https',
		'x-http-method-override': 'DELETE',
		'x-original-url': '/api/v1/server',
		'x-rewrite-url': '/api/v1/server'
	};

	const OTHER_HOST = { host: 'evil.example' };
	const SETS: Readonly<Record<string, string>>[] = [
		OTHER_HOST,
		{ host: 'localhost:1' },
		LIES,
		{ ...LIES, host: 'x' }
	];

	test.each(SETS)(
		'make no other origin the own one, and the own one no other: %o',
		async (lies) => {
			const path = '/api/v1/auth/challenge';
			const body = JSON.stringify({ email: 'ada@example.org', purpose: 1 });
			const from = (origin: string) =>
				ask(server.port, {
					...{ method: 'POST', path, body },
					headers: { origin, 'content-type': 'application/json', ...lies }
				});
			for (const origin of ['https://evil.example', 'http://evil.example', 'http://x']) {
				expect(codeIn(await from(origin))).toBe('origin');
			}
			expect((await from(server.origin)).status).toBe(200);
		}
	);

	test.each([OTHER_HOST, LIES] as typeof SETS)('lead nobody elsewhere: %o', async (lies) => {
		const told = await ask(server.port, { method: 'GET', path: '/login/', headers: lies });
		expect(told.status).toBe(308);
		expect(told.headers['location']).toBe('/login');
		const page = await ask(server.port, { method: 'GET', path: '/', headers: lies });
		expect(page.body + JSON.stringify(page.headers)).not.toContain('evil.example');
	});

	test('make nobody another network: only the header that the host has named counts', async () => {
		const limited = await startServer({ LIMIT_REQUESTS: '3/10m', ADDRESS_HEADER: 'X-Real-IP' });
		const from = async (headers: Record<string, string>) =>
			(await ask(limited.port, { method: 'GET', path: '/api/v1/account', headers })).status;
		for (let n = 0; n < 3; n++) await from({ 'x-real-ip': '198.51.100.7' });
		const statuses = [
			await from({ 'x-real-ip': '198.51.100.7', ...LIES }),
			await from({ 'x-real-ip': '198.51.100.200', 'user-agent': 'another' }),
			await from({ 'x-real-ip': '198.51.100.7', cookie: 'a=b' }),
			await from({ 'x-real-ip': '203.0.113.9' })
		];
		await limited.stop();
		removeFolder(limited.folder);
		expect(statuses).toEqual([429, 429, 429, 401]);
	});

	test('do so where none is named at all', async () => {
		const limited = await startServer({ LIMIT_REQUESTS: '3/10m' });
		const from = async (headers: Record<string, string>) =>
			(await ask(limited.port, { method: 'GET', path: '/api/v1/account', headers })).status;
		for (let n = 0; n < 3; n++) await from({ 'x-forwarded-for': `198.51.${n}.7` });
		const statuses = [
			await from({ 'x-forwarded-for': '203.0.113.9' }),
			await from({ forwarded: 'for=203.0.113.9' }),
			await from({ 'x-real-ip': '203.0.113.9' }),
			await from({ 'true-client-ip': '203.0.113.9' })
		];
		await limited.stop();
		removeFolder(limited.folder);
		expect(statuses).toEqual([429, 429, 429, 429]);
	});
});
