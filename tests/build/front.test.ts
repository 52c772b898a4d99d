/** What the front door answers by itself. */
import { connect } from 'node:net';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMIT_BODY_BYTES } from '#lib/api/limits.ts';
import { Problem } from '#lib/api/problems.ts';
import { routes } from '#lib/api/routes.ts';
import { z } from '#lib/api/zod.ts';
import { BODY_LIMIT_BYTES } from '../../serve/front.js';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';

let server: ServerProcess;

beforeAll(async () => {
	server = await startServer();
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

describe('unknown addresses', () => {
	test('of pages get the program’s own page, with nothing of the address in it', async () => {
		const response = await ask('GET', '/wallet/sk-secret-in-address?x=sk-secret');
		const text = await response.text();
		expect(response.status).toBe(404);
		expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
		expect(text).toContain('/_app/immutable/entry/');
		expect(text).not.toContain('sk-secret');
	});

	test.each([
		'/api',
		'/api/',
		'/api/v1/nothing',
		'/api/v2/account',
		'/api/v1/account/',
		'/%61pi/x',
		'/api/v1/account%E0',
		'/api/%',
		'/api/v1/vaults/__route.js',
		'/api/v1/vaults/__data.json',
		'/api/v1/vaults/x.html__data.json'
	])('%s is a problem with the code not-found', async (path) => {
		const response = await ask('GET', path);
		expect(response.status).toBe(404);
		expect((await problemOf(response)).code).toBe('not-found');
	});

	test.each([
		'/index.html',
		'/login.html',
		'/not-found.html',
		'/endpoints.json',
		'/..%2fserver.js'
	])('%s is not a page', async (path) => {
		expect((await ask('GET', path)).status).toBe(404);
	});
});

describe('a path that another program on the way might read differently', () => {
	test.each([
		'/api/v1/vaults/..\\..\\..\\login',
		'/api\\v1/account',
		'/api/../login',
		'/api/./v1/account',
		'/api/%2e%2e/login',
		'/api/v1/%2E/account',
		'/api/v1/"account"'
	])('is nothing, as a problem: %s', async (path) => {
		const { status, type } = await askRaw(path);
		expect(status).toBe(404);
		expect(type).toBe('application/problem+json');
	});

	test.each(['/..\\login', '//login', '/x/../login', '/%2e/login', 'http://x/login', '*'])(
		'is nothing, as a page: %s',
		async (path) => {
			expect((await askRaw(path)).status).toBe(404);
		}
	);

	test('is not what a path with a question is', async () => {
		expect((await askRaw('/login?next=..\\x')).status).toBe(200);
	});
});

describe('a request that names no host', () => {
	test('is refused with a problem of ours', async () => {
		const answer = await send('GET /login HTTP/1.1\r\nConnection: close\r\n\r\n');
		expect(answer).toMatch(/^HTTP\/1\.1 400 /);
		expect(answer).toContain('"code":"malformed"');
		expect(answer).toContain('Content-Security-Policy');
	});

	test('is taken in HTTP 1.0, which has none: probes of proxies are such', async () => {
		expect(await send('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
	});
});

describe('wrong methods', () => {
	test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s on a page', async (method) => {
		const response = await ask(method, '/login');
		expect(response.status).toBe(405);
		expect(response.headers.get('allow')).toBe('GET, HEAD');
		expect((await problemOf(response)).code).toBe('method');
	});

	test.each(Object.entries(routes))('on the endpoint %s', async (_name, { method, path }) => {
		const response = await ask('PATCH', path.replace(':vault', 'A'.repeat(22)));
		expect(response.status).toBe(405);
		expect(response.headers.get('allow')?.split(', ')).toContain(method);
		expect((await problemOf(response)).code).toBe('method');
	});

	test('no endpoint answers another site’s OPTIONS', async () => {
		const response = await ask('OPTIONS', '/api/v1/account');
		expect(response.status).toBe(405);
		expect(response.headers.has('access-control-allow-origin')).toBe(false);
	});
});

describe('bodies', () => {
	test('are limited to those of the largest route', () => {
		const largest = Math.max(...Object.values(routes).map(({ maxBodyBytes }) => maxBodyBytes));
		expect(BODY_LIMIT_BYTES).toBe(largest);
		expect(BODY_LIMIT_BYTES).toBe(COMMIT_BODY_BYTES);
	});

	test('over the limit are refused before they are read', async () => {
		const response = await ask('POST', '/api/v1/accounts', 'x'.repeat(BODY_LIMIT_BYTES + 1));
		expect(response.status).toBe(413);
		expect((await problemOf(response)).code).toBe('too-large');
	});

	test('over a route’s own limit are refused', async () => {
		const response = await ask('POST', '/api/v1/auth/challenge', 'x'.repeat(64 * 1024 + 1));
		expect(response.status).toBe(413);
		expect((await problemOf(response)).code).toBe('too-large');
	});

	test('that do not tell their length are refused at the route’s limit', async () => {
		expect(await statusOfStream('/api/v1/auth/challenge', 512 * 1024)).toBe(413);
	});

	test.each(['gzip', 'br', 'deflate'])('packed with %s are refused', async (encoding) => {
		const response = await ask('POST', '/api/v1/auth/challenge', '{}', {
			'content-encoding': encoding
		});
		expect(response.status).toBe(415);
		expect((await problemOf(response)).code).toBe('media-type');
	});
});

describe('forms', () => {
	test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
		'of another site are a problem: %s',
		async (type) => {
			const response = await ask('POST', '/api/v1/auth/challenge', 'a=b', {
				origin: 'https://elsewhere.example',
				'content-type': type
			});
			expect(response.status).toBe(415);
			expect((await problemOf(response)).code).toBe('media-type');
		}
	);
});

describe('files', () => {
	test.each(['br', 'gzip'])('are sent packed with %s to who takes it', async (encoding) => {
		const response = await ask('GET', await scriptPath(), undefined, {
			'accept-encoding': encoding
		});
		expect(response.headers.get('content-encoding')).toBe(encoding);
		expect(response.headers.get('vary')).toBe('Accept-Encoding');
		expect(await response.text()).toMatch(/import|export/);
	});

	test('are sent as they are to who does not', async () => {
		const response = await ask('GET', await scriptPath(), undefined, {
			'accept-encoding': 'identity'
		});
		expect(response.headers.has('content-encoding')).toBe(false);
	});

	test('have no body in the answer to HEAD', async () => {
		const response = await ask('HEAD', '/login');
		expect(response.status).toBe(200);
		expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
		expect(await response.text()).toBe('');
	});
});

describe('health', () => {
	test('is told without a session', async () => {
		const response = await ask('GET', '/healthz');
		expect(await response.json()).toEqual({ status: 'ok' });
	});
});

function ask(
	method: string,
	path: string,
	body?: string,
	headers: Readonly<Record<string, string>> = {}
): Promise<Response> {
	return fetch(`${server.origin}${path}`, {
		method,
		headers: { origin: server.origin, 'content-type': 'application/json', ...headers },
		...(body === undefined ? {} : { body })
	});
}

/** As {@link ask}, but the path goes out as it is: `fetch` would tidy it up. */
async function askRaw(path: string): Promise<{ status: number; type: string }> {
	const answer = await send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
	return {
		status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]),
		type: /^content-type: (.*)\r$/im.exec(answer)?.[1] ?? ''
	};
}

function send(request: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const socket = connect(server.port, '127.0.0.1', () => socket.write(request, 'latin1'));
		socket.on('data', (chunk) => chunks.push(chunk));
		socket.on('close', () => {
			resolve(Buffer.concat(chunks).toString());
		});
		socket.on('error', reject);
	});
}

/** The status that comes back while a body of unknown length is still sent, piece by piece. */
function statusOfStream(path: string, totalBytes: number): Promise<number | undefined> {
	return new Promise((resolve, reject) => {
		const sending = request(`${server.origin}${path}`, {
			method: 'POST',
			headers: { origin: server.origin, 'content-type': 'application/json' }
		});
		let answered = false;
		sending.once('response', (response) => {
			answered = true;
			resolve(response.statusCode);
			sending.destroy();
		});
		sending.on('error', (error) => {
			if (!answered) reject(error);
		});
		let left = totalBytes;
		const send = () => {
			if (answered) return;
			left -= 8 * 1024;
			if (left > 0) sending.write('x'.repeat(8 * 1024), send);
			else sending.end();
		};
		send();
	});
}

async function problemOf(response: Response): Promise<Problem> {
	expect(response.headers.get('content-type')).toBe('application/problem+json');
	return z.parse(Problem, await response.json());
}

async function scriptPath(): Promise<string> {
	const page = await (await ask('GET', '/')).text();
	return /href="(\/_app\/immutable\/entry\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
}

describe('whoever has gone before the answer', () => {
	test.each([['closes'], ['is cut off']])('%s, is no fault of the server', async (how) => {
		const head = 'GET /api/v1/account HTTP/1.1\r\nHost: localhost\r\n\r\n';
		for (let n = 0; n < 30; n++) {
			await new Promise<void>((resolve) => {
				const socket = connect(server.port, '127.0.0.1', () => {
					socket.write(head, () => (how === 'closes' ? socket.end() : socket.resetAndDestroy()));
				});
				socket.resume();
				socket.on('error', () => undefined);
				socket.on('close', () => {
					resolve();
				});
			});
		}
		// It has looked at all of them by then.
		expect((await ask('GET', '/api/v1/account')).status).toBe(401);
		expect(server.output()).not.toMatch(/"level":"?(?:50|error)/);
		expect(server.output()).not.toContain('"status":500');
	});
});
