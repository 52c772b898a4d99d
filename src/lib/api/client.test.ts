import { describe, expect, test } from 'vitest';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { fromUtf8, utf8 } from '#lib/encoding/bytes.ts';
import { ApiError, Client, type Fetch } from '#lib/api/client.ts';
import {
	ACCOUNT_REPLY_BYTES,
	SECRETS_REPLY_BYTES,
	SMALL_REPLY_BYTES,
	VAULT_MANIFEST_MIN_BYTES
} from '#lib/api/limits.ts';
import { routes, type Route } from '#lib/api/routes.ts';

const ORIGIN = 'https://vault.example.org';
const ID = 'AAECAwQFBgcICQoLDA0ODw';

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): Fetch {
	return () =>
		Promise.resolve(
			new Response(JSON.stringify(body), {
				status,
				headers: { 'content-type': 'application/json', ...headers }
			})
		);
}

const problem = (code: string, status: number, rest: object = {}) => ({
	type: 'about:blank',
	title: 'no',
	status,
	code,
	...rest
});

async function codeOf(call: Promise<unknown>): Promise<string> {
	try {
		await call;
	} catch (error) {
		if (error instanceof ApiError) return error.code;
		throw error;
	}
	return 'none';
}

describe('Client.call', () => {
	test('sends to its own origin, fills the path and writes the query', async () => {
		const seen: string[] = [];
		const client = new Client(ORIGIN, (url) => {
			seen.push(url);
			return Promise.reject(new TypeError('down'));
		});
		await codeOf(client.call(routes.vault, { params: { vault: ID }, query: { after: '3' } }));
		expect(seen).toEqual([`${ORIGIN}/api/v1/vaults/${ID}?after=3`]);
	});

	test('says JSON of every POST, also of one without a body', async () => {
		const seen: unknown[] = [];
		const client = new Client(ORIGIN, (_url, init) => {
			seen.push([new Headers(init.headers).get('content-type'), init.body]);
			return Promise.reject(new TypeError('down'));
		});
		await codeOf(client.call(routes.secondFactorSeed));
		await codeOf(client.call(routes.sessions));
		expect(seen).toEqual([
			['application/json', undefined],
			[null, undefined]
		]);
	});

	test('says offline when no answer comes', async () => {
		const client = new Client(ORIGIN, () => Promise.reject(new TypeError('down')));
		expect(await codeOf(client.call(routes.account))).toBe('offline');
	});

	test('refuses an answer with a member that the protocol does not name', async () => {
		const client = new Client(ORIGIN, answer({ account: ID, policy: 'weak' }, 201));
		expect(await codeOf(client.call(routes.register))).toBe('format');
	});

	test.each([
		['HTML', () => new Response('<h1>hi</h1>', { headers: { 'content-type': 'text/html' } })],
		[
			'half a document',
			() => new Response('{"a":', { headers: { 'content-type': 'application/json' } })
		],
		['nothing', () => new Response('', { headers: { 'content-type': 'application/json' } })],
		['a status that the protocol does not name', () => new Response('{}', { status: 418 })],
		['no content where content was promised', () => new Response(null, { status: 204 })]
	])('a server that answers %s is refused as format', async (_, make) => {
		const client = new Client(ORIGIN, () => Promise.resolve(make()));
		expect(await codeOf(client.call(routes.account))).toBe('format');
	});

	test('keeps only the code, the delay and the reference of a problem', async () => {
		const body = problem('limited', 429, { number: '7f3a' });
		const type = { 'content-type': 'application/problem+json', 'retry-after': '30' };
		const client = new Client(ORIGIN, answer(body, 429, type));
		const error = await client.call(routes.account).catch((caught: unknown) => caught);
		expect(error).toMatchObject({ code: 'limited', retryAfterSeconds: 30, number: '7f3a' });
	});

	test.each([
		['86401', 86_400],
		['9007199254740991', 86_400],
		['9007199254740992', undefined],
		['-1', undefined],
		['Fri, 31 Dec 9999 23:59:59 GMT', undefined]
	])(
		'a server that sends one away with Retry-After %s is believed for a day',
		async (after, kept) => {
			const type = { 'content-type': 'application/problem+json', 'retry-after': after };
			const client = new Client(ORIGIN, answer(problem('limited', 429), 429, type));
			const error = await client.call(routes.account).catch((caught: unknown) => caught);
			expect(error).toMatchObject({ code: 'limited' });
			expect((error as ApiError).retryAfterSeconds).toBe(kept);
		}
	);

	test('a server that puts a link into the reference of a problem is not quoted', async () => {
		const body = problem('failed', 500, { number: 'evil.example' });
		const client = new Client(
			ORIGIN,
			answer(body, 500, { 'content-type': 'application/problem+json' })
		);
		const error = await client.call(routes.account).catch((caught: unknown) => caught);
		expect(error).toMatchObject({ code: 'failed', number: undefined });
	});

	test('a server that invents a problem code is refused as format', async () => {
		const body = problem('install-this', 400);
		const client = new Client(
			ORIGIN,
			answer(body, 400, { 'content-type': 'application/problem+json' })
		);
		expect(await codeOf(client.call(routes.account))).toBe('format');
	});

	test('a problem whose status differs from the answer is refused as format', async () => {
		const client = new Client(
			ORIGIN,
			answer(problem('auth', 401), 403, { 'content-type': 'application/problem+json' })
		);
		expect(await codeOf(client.call(routes.account))).toBe('format');
	});

	describe('of a server that sends without end', () => {
		/** JSON that goes on for ever, and how much of it was taken. */
		function endless(status: number, type = 'application/json') {
			const chunk = new Uint8Array(16_384).fill(0x20);
			const state = { taken: 0, cancelled: false };
			const body = new ReadableStream<Uint8Array>(
				{
					pull(controller) {
						state.taken += chunk.length;
						controller.enqueue(chunk);
					},
					cancel() {
						state.cancelled = true;
					}
				},
				{ highWaterMark: 0 }
			);
			const headers = { 'content-type': type };
			const client = new Client(ORIGIN, () =>
				Promise.resolve(new Response(body, { status, headers }))
			);
			return { client, state };
		}

		test.each([
			['a small answer', routes.challenge, SMALL_REPLY_BYTES],
			['an account', routes.account, ACCOUNT_REPLY_BYTES],
			['secrets', routes.secrets, SECRETS_REPLY_BYTES]
		])('takes %s up to its limit, and hangs up', async (_, route, limit) => {
			const { client, state } = endless(200);
			expect(await codeOf(client.call<Route>(route))).toBe('format');
			expect(state.taken).toBeLessThanOrEqual(limit + 16_384);
			expect(state.cancelled).toBe(true);
		});

		test('takes a problem up to the limit of small answers', async () => {
			const { client, state } = endless(500, 'application/problem+json');
			expect(await codeOf(client.call(routes.vault, { params: { vault: ID } }))).toBe('format');
			expect(state.taken).toBeLessThanOrEqual(SMALL_REPLY_BYTES + 16_384);
		});
	});

	test('refuses at its declared length what would be too long, before any of it', async () => {
		let pulled = false;
		const body = new ReadableStream<Uint8Array>(
			{
				pull() {
					pulled = true;
				}
			},
			{ highWaterMark: 0 }
		);
		const headers = { 'content-type': 'application/json', 'content-length': '70000' };
		const client = new Client(ORIGIN, () => Promise.resolve(new Response(body, { headers })));
		expect(await codeOf(client.call<Route>(routes.verify))).toBe('format');
		expect(pulled).toBe(false);
	});

	test('says offline when the answer breaks off', async () => {
		const body = new ReadableStream<Uint8Array>({
			pull(controller) {
				controller.error(new TypeError('connection lost'));
			}
		});
		const headers = { 'content-type': 'application/json' };
		const client = new Client(ORIGIN, () => Promise.resolve(new Response(body, { headers })));
		expect(await codeOf(client.call(routes.account))).toBe('offline');
	});

	test('refuses bytes that are not UTF-8, even where they come in two parts', async () => {
		const parts = [new Uint8Array([0x22, 0xc3]), new Uint8Array([0x22])];
		const body = new ReadableStream<Uint8Array>({
			start(controller) {
				for (const part of parts) controller.enqueue(part);
				controller.close();
			}
		});
		const headers = { 'content-type': 'application/json' };
		const client = new Client(ORIGIN, () => Promise.resolve(new Response(body, { headers })));
		expect(await codeOf(client.call(routes.account))).toBe('format');
	});

	test('reads an answer that comes in very many pieces', async () => {
		const blob = encode(new Uint8Array(VAULT_MANIFEST_MIN_BYTES));
		const reply = { manifest: { seq: 1, generation: 1, blob }, chain: [], sheets: [] };
		const text = JSON.stringify(reply).padStart(200_000);
		const bytes = utf8(text);
		let at = 0;
		const read = () => {
			const value = bytes.subarray(at, ++at);
			const piece: ReadableStreamReadResult<Uint8Array> =
				value.length === 0 ? { done: true, value: undefined } : { done: false, value };
			return Promise.resolve(piece);
		};
		const stop = () => Promise.resolve();
		const client = new Client(ORIGIN, () =>
			Promise.resolve({
				status: 200,
				headers: new Headers({ 'content-type': 'application/json' }),
				body: { getReader: () => ({ read, cancel: stop }), cancel: stop }
			})
		);
		const { manifest } = await client.call(routes.vault, { params: { vault: ID } });
		expect(manifest.seq).toBe(1);
	});

	test('lets the proof sign exactly the bytes that are sent', async () => {
		let signed: { method: string; path: string; body: Uint8Array } | undefined;
		let sent: RequestInit | undefined;
		const client = new Client(ORIGIN, (_, init) => {
			sent = init;
			return Promise.reject(new TypeError('down'));
		});
		const call = client.call(routes.secrets, {
			params: { vault: ID },
			body: { items: [ID], purpose: 'export' },
			proof: (request) => {
				signed = request;
				return Promise.resolve({ token: new Uint8Array(40), signature: new Uint8Array(64) });
			}
		});
		await codeOf(call);
		expect(signed?.path).toBe(`/api/v1/vaults/${ID}/secrets`);
		expect(fromUtf8(signed?.body ?? new Uint8Array())).toBe(sent?.body);
		const header = new Headers(sent?.headers).get('keyhold-proof') ?? '';
		expect(Object.keys(JSON.parse(fromUtf8(decode(header))) as object)).toEqual([
			'token',
			'signature'
		]);
	});

	test('never follows a redirect and never sends cookies elsewhere', async () => {
		let init: RequestInit = {};
		const client = new Client(ORIGIN, (_, given) => {
			init = given;
			return Promise.reject(new TypeError('down'));
		});
		await codeOf(client.call(routes.account));
		expect(init).toMatchObject({
			redirect: 'error',
			credentials: 'same-origin',
			cache: 'no-store'
		});
	});
});
