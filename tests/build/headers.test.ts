/** Security headers stand on every response of the built server, whatever kind it is. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { policyFor } from './policy.ts';

let server: ServerProcess;
let page: string;
let script: string;

beforeAll(async () => {
	server = await startServer();
	page = await (await get('/')).text();
	script = /href="(\/_app\/immutable\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

const FIXED = {
	'cross-origin-embedder-policy': 'require-corp',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY'
};

describe('every response has the security headers', () => {
	test.each([
		['a page', () => get('/'), 200],
		['a page that is not modified', notModified, 304],
		['a page with a slash too many', () => get('/login/'), 308],
		['a file of the client', () => get(script), 200],
		['a static file', () => get('/robots.txt'), 200],
		['an unknown page', () => get('/nothing/here'), 404],
		['a path that cannot be decoded', () => get('/%E0%A4%A'), 404],
		['a wrong method on a page', () => send('POST', '/'), 405],
		['an unknown address of the interface', () => get('/api/v1/nothing'), 404],
		['a wrong method on an endpoint', () => send('PUT', '/api/v1/account'), 405],
		['an endpoint that asks for a session', () => get('/api/v1/account'), 401],
		['a request from another site', () => fromElsewhere('{}'), 403],
		['a body that is too large', () => tooLarge(), 413],
		[
			'a compressed body',
			() => send('POST', '/api/v1/accounts', '{}', { 'content-encoding': 'gzip' }),
			415
		],
		['health', () => get('/healthz'), 200],
		['readiness', () => get('/readyz'), 200]
	] as const)('%s', async (_kind, ask, status) => {
		const response = await ask();
		expect(response.status).toBe(status);
		expectHeaders(Object.fromEntries(response.headers));
	});

	test.each([
		['broken headers', 'GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n', 400],
		[
			'headers that are too large',
			`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
			431
		],
		['a request that names no host', 'GET / HTTP/1.1\r\n\r\n', 400],
		['a request for nothing', 'GET * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
		[
			'a path with a backslash',
			'GET /api/v1\\x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
			404
		],
		['an expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n', 417]
	])('%s', async (_kind, request, status) => {
		const [head = ''] = (await raw(request)).split('\r\n\r\n');
		expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
		expectHeaders(parseHead(head));
	});
});

describe('the content security policy', () => {
	test('names the one inline script of every page by its hash', async () => {
		const response = await get('/login');
		const page = await response.text();
		expect(page.match(/<script>/g)).toHaveLength(1);
		expect(response.headers.get('content-security-policy')).toBe(policyFor(page));
	});
});

describe('strict transport security', () => {
	test('is left out where people come over plain HTTP', async () => {
		expect((await get('/')).headers.has('strict-transport-security')).toBe(false);
	});

	test('is sent where they come over HTTPS', async () => {
		const behindProxy = await startServer({ ORIGIN: 'https://keys.example.org' });
		const response = await fetch(`${behindProxy.origin}/`);
		await behindProxy.stop();
		removeFolder(behindProxy.folder);
		expect(response.headers.get('strict-transport-security')).toBe(
			// Not for other names under this one: they may belong to somebody else.
			'max-age=63072000'
		);
	});
});

describe('the permissions policy', () => {
	test('allows three features and no more', async () => {
		const policy = (await get('/')).headers.get('permissions-policy') ?? '';
		const allowed = policy.split(', ').filter((entry) => !entry.endsWith('=()'));
		expect(allowed).toEqual([
			'clipboard-write=(self)',
			'publickey-credentials-create=(self)',
			'publickey-credentials-get=(self)'
		]);
		expect(policy).toContain('clipboard-read=()');
	});
});

describe('caches', () => {
	test('keep what has its hash in its name for ever', async () => {
		expect((await get(script)).headers.get('cache-control')).toBe(
			'public, max-age=31536000, immutable'
		);
	});

	test.each(['/', '/robots.txt', '/nothing'])('ask again for %s', async (path) => {
		expect((await get(path)).headers.get('cache-control')).toBe('no-cache');
	});

	test.each(['/api/v1/account', '/api/v1/nothing', '/healthz', '/readyz'])(
		'never keep %s',
		async (path) => {
			expect((await get(path)).headers.get('cache-control')).toBe('no-store');
		}
	);
});

function expectHeaders(headers: Readonly<Record<string, string>>) {
	expect(headers).toMatchObject(FIXED);
	expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self' /);
	expect(headers['content-security-policy']).not.toMatch(
		/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')/
	);
	expect(headers['permissions-policy']).toContain('clipboard-write=(self)');
	expect(headers).not.toHaveProperty('server');
	expect(headers).not.toHaveProperty('x-powered-by');
	expect(Object.keys(headers).filter((name) => name.startsWith('x-sveltekit'))).toEqual([]);
	expect(headers).not.toHaveProperty('access-control-allow-origin');
}

function get(path: string): Promise<Response> {
	return send('GET', path);
}

function send(
	method: string,
	path: string,
	body?: string,
	headers: Readonly<Record<string, string>> = {}
): Promise<Response> {
	const sent = { origin: server.origin, 'content-type': 'application/json', ...headers };
	return fetch(`${server.origin}${path}`, {
		method,
		redirect: 'manual',
		headers: sent,
		...(body === undefined ? {} : { body })
	});
}

async function notModified(): Promise<Response> {
	const etag = (await get('/')).headers.get('etag') ?? '';
	return fetch(`${server.origin}/`, { headers: { 'if-none-match': etag } });
}

function fromElsewhere(body: string): Promise<Response> {
	return send('POST', '/api/v1/accounts', body, { origin: 'https://elsewhere.example' });
}

function tooLarge(): Promise<Response> {
	return send('POST', '/api/v1/accounts', 'x'.repeat(16 * 1024 * 1024 + 1));
}

/** What comes back for bytes that no HTTP client would send. */
function raw(request: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const socket = connect(server.port, '127.0.0.1', () => socket.end(request));
		socket.on('data', (chunk) => chunks.push(chunk));
		socket.on('close', () => {
			resolve(Buffer.concat(chunks).toString());
		});
		socket.on('error', reject);
	});
}

function parseHead(head: string): Record<string, string> {
	return Object.fromEntries(
		head
			.split('\r\n')
			.slice(1)
			.map((line) => [
				line.slice(0, line.indexOf(':')).toLowerCase(),
				line.slice(line.indexOf(':') + 1).trim()
			])
	);
}
