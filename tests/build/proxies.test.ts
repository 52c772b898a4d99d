/**
 * The configurations in deploy/, run by the real programs, with a certificate of our own: only the
 * name, the ports and the places of files are changed. Without the programs these tests are skipped.
 */
import { execFile, execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as requestPlain, type IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type SecureVersion } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHEET_MAX_BYTES } from '#lib/api/limits.ts';
import { LONG } from '../figures.ts';
import { freePort, removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import type { Sent } from '../server/host.ts';
import { Person, sheet } from '../server/person.ts';

const VERIFY = fileURLToPath(new URL('../../scripts/verify.js', import.meta.url));
/** Requests of one network; the journey of a person takes fewer. */
const MANY = 60;

interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

interface Proxy {
	readonly program: string;
	/** Its configuration for this machine, and the words that start it. */
	readonly prepare: (place: Place) => { readonly words: readonly string[] };
}

interface Place {
	readonly folder: string;
	readonly serverPort: number;
	readonly tlsPort: number;
	readonly plainPort: number;
}

const PROXIES: readonly Proxy[] = [
	{
		program: 'caddy',
		prepare: ({ folder, serverPort, tlsPort, plainPort }) => {
			const text = deployed('Caddyfile')
				.replace(/^keys.example.org {/m, `https://localhost:${tlsPort} {\n\ttls cert.pem key.pem`)
				.replace('http://keys.example.org {', `http://localhost:${plainPort} {`)
				.replaceAll('https://keys.example.org', 'https://localhost')
				.replaceAll('127.0.0.1:3000', `127.0.0.1:${serverPort}`);
			const general = '{\n\tadmin off\n\tauto_https disable_redirects\n}\n';
			writeFileSync(join(folder, 'Caddyfile'), general + text);
			return { words: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'] };
		}
	},
	{
		program: 'nginx',
		prepare: ({ folder, serverPort, tlsPort, plainPort }) => {
			const text = deployed('nginx.conf')
				.replaceAll(/^\tlisten \[::\].*\n/gm, '')
				.replace('listen 80;', `listen 127.0.0.1:${plainPort};`)
				.replace('listen 443', `listen 127.0.0.1:${tlsPort}`)
				.replaceAll('keys.example.org;', 'localhost;')
				.replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/cert.pem;`)
				.replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${folder}/key.pem;`)
				.replaceAll('127.0.0.1:3000', `127.0.0.1:${serverPort}`);
			const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
				.map((name) => `${name}_temp_path ${folder}/${name};`)
				.join('\n');
			const http = `http {\naccess_log off;\n${places}\n${text}\n}`;
			const general = `daemon off;\nmaster_process off;\npid ${folder}/nginx.pid;\nevents {}\n`;
			writeFileSync(join(folder, 'nginx.conf'), general + http);
			return { words: ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')] };
		}
	}
];

function deployed(name: string): string {
	return readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');
}

function isMissing(program: string): boolean {
	return spawnSync(program, ['-h']).error !== undefined;
}

for (const { program } of PROXIES) {
	if (isMissing(program)) {
		const advice = '"npm run test:long" installs it on Debian';
		process.stderr.write(`Without ${program} here its tests are skipped: ${advice}.\n`);
	}
}

describe.each(PROXIES)('behind $program', ({ program, prepare }) => {
	describe.skipIf(isMissing(program))('as deploy/ configures it', () => {
		let place: Place;
		let server: ServerProcess;
		let proxy: ChildProcess;
		let origin: string;

		beforeAll(async () => {
			const folder = mkdtempSync(join(tmpdir(), 'keyhold-proxy-'));
			makeCertificate(folder);
			const [tlsPort, plainPort] = [await freePort(), await freePort()];
			origin = `https://localhost:${tlsPort}`;
			server = await startServer({
				ORIGIN: origin,
				ADDRESS_HEADER: 'X-Forwarded-For',
				XFF_DEPTH: '1',
				METRICS_TOKEN: 'x'.repeat(32),
				LIMIT_REQUESTS: `${MANY}/h`
			});
			place = { folder, serverPort: server.port, tlsPort, plainPort };
			const { words } = prepare(place);
			const env = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder };
			proxy = spawn(program, words, { cwd: folder, env, stdio: 'ignore' });
			await listens(tlsPort, proxy);
		});

		afterAll(async () => {
			proxy.kill('SIGTERM');
			await server.stop();
			removeFolder(server.folder);
			rmSync(place.folder, { recursive: true, force: true });
		});

		/** @param from an address of this machine; each third number of it is a network of its own. */
		function ask(path: string, sent: Sent = {}, from = '127.0.0.1'): Promise<Answer> {
			const ca = readFileSync(join(place.folder, 'cert.pem'));
			return new Promise((resolve, reject) => {
				const options = {
					method: sent.method ?? 'GET',
					headers: { ...sent.headers },
					ca,
					localAddress: from,
					family: 4,
					agent: false
				};
				const asked = request(`${origin}${path}`, options, (response) => {
					const chunks: Buffer[] = [];
					response.on('data', (chunk: Buffer) => chunks.push(chunk));
					response.once('end', () => {
						const { statusCode: status = 0, headers } = response;
						resolve({ status, headers, body: Buffer.concat(chunks).toString() });
					});
				});
				asked.once('error', reject);
				asked.end(typeof sent.body === 'string' ? sent.body : undefined);
			});
		}

		test('every delivered file and header is that of the build', async () => {
			const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(place.folder, 'cert.pem') };
			const out = await new Promise<string>((resolve) => {
				execFile(process.execPath, [VERIFY, origin], { env }, (_error, text) => {
					resolve(text);
				});
			});
			expect(out).toContain('The same: every file in every encoding, and every header.');
		});

		test('browsers are told once to come over HTTPS only', async () => {
			const { headers } = await ask('/login');
			expect(headers['strict-transport-security']).toBe('max-age=63072000');
		});

		test('a person signs in, with a cookie that stays in its place', async () => {
			const { person, cookie } = await signedIn('127.0.5.1');
			expect((await person.getAccount()).email).toBe(person.email);
			expect(cookie).toMatch(/^__Host-keyhold=[\w-]{43}; /);
			for (const part of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']) {
				expect(cookie).toContain(part);
			}
		});

		test.runIf(LONG)('the largest commit is stored, and read again', async () => {
			const { person } = await signedIn('127.0.11.1');
			// One more would be more than 16 MiB as JSON.
			const sheets = Array.from({ length: 47 }, () => ({
				...sheet(),
				blob: new Uint8Array(randomBytes(SHEET_MAX_BYTES))
			}));
			const { outcome } = await person.commit(person.commitOf({ sheets }));
			expect(outcome).toBe('stored');
			expect((await person.getVault()).sheets.map(({ id }) => id).toSorted()).toEqual(
				sheets.map(({ id }) => id).toSorted()
			);
		});

		test('versions of TLS that are broken are refused', async () => {
			expect(await handshake('TLSv1.1')).toMatch(/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/);
			expect(await handshake('TLSv1.2')).toBe('TLSv1.2');
		});

		test('answers of the API are not compressed, whoever asks for that', async () => {
			const headers = { 'accept-encoding': 'gzip, br, zstd' };
			const answer = await ask('/api/v1/openapi.json', { headers }, '127.0.13.1');
			expect([answer.status, answer.headers['content-encoding']]).toEqual([200, undefined]);
		});

		test('a visitor is known by the own address, whatever is written into headers', async () => {
			const statuses = [];
			for (let n = 0; n <= MANY; n++) {
				const headers = { 'x-forwarded-for': `203.0.${n}.7`, forwarded: `for=203.0.${n}.7` };
				statuses.push((await ask('/api/v1/server', { headers }, '127.0.7.1')).status);
			}
			expect(statuses.filter((status) => status === 200)).toHaveLength(MANY);
			expect(statuses.at(-1)).toBe(429);
			expect((await ask('/api/v1/server', {}, '127.0.9.1')).status).toBe(200);
		});

		test('a body too large for its address is refused by the server, not by the proxy', async () => {
			const headers = { origin, 'content-type': 'application/json' };
			// nginx has a limit of its own and holds a body until it is whole. Caddy has none, passes on
			// what it has, and cuts off whoever sends much more after the answer.
			const body = 'x'.repeat(program === 'nginx' ? 16 * 1024 * 1024 : 128 * 1024);
			const answer = await ask('/api/v1/auth/challenge', { method: 'POST', headers, body });
			expect(answer.status).toBe(413);
			expect(answer.headers['content-type']).toBe('application/problem+json');
		});

		test('numbers of the server are not for visitors', async () => {
			const headers = { authorization: `Bearer ${'x'.repeat(32)}` };
			const answer = await ask('/metrics', { headers });
			expect(answer.status).toBe(404);
			expect(answer.body).not.toContain('keyhold_');
			expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
		});

		test('plain HTTP leads to HTTPS', async () => {
			const { status, headers } = await askPlainly('/login?a=1');
			expect([status, headers.location]).toEqual([301, 'https://localhost/login?a=1']);
			expect(headers.server ?? '').not.toMatch(/\d/);
		});

		test('a program that asks in the clear is refused, not led on', async () => {
			const { status, headers } = await askPlainly('/api/v1/account');
			expect([status, headers.location]).toEqual([403, undefined]);
		});

		/** Somebody new who asks from that address, with the cookie that was set. */
		async function signedIn(from: string): Promise<{ person: Person; cookie: string }> {
			let cookie = '';
			const send = async (path: string, sent: Sent = {}) => {
				const { status, headers, body } = await ask(path, sent, from);
				const [set] = headers['set-cookie'] ?? [];
				cookie = set ?? cookie;
				const sentBack: Record<string, string> = set === undefined ? {} : { 'set-cookie': set };
				return new Response(body === '' ? null : body, { status, headers: sentBack });
			};
			const person = new Person({ send }, undefined, undefined, origin);
			expect((await person.register()).status).toBe(200);
			await person.signIn();
			return { person, cookie };
		}

		/** The version that is agreed upon where no newer one is offered, or why none is. */
		function handshake(newest: SecureVersion): Promise<string> {
			return new Promise((resolve) => {
				const socket = connectTls({
					host: 'localhost',
					servername: 'localhost',
					port: place.tlsPort,
					ca: readFileSync(join(place.folder, 'cert.pem')),
					minVersion: 'TLSv1',
					maxVersion: newest,
					// Else this side would refuse, before the other is asked.
					ciphers: 'DEFAULT@SECLEVEL=0'
				});
				socket.once('secureConnect', () => {
					resolve(socket.getProtocol() ?? '');
					socket.destroy();
				});
				socket.once('error', (error: NodeJS.ErrnoException) => {
					resolve(error.code ?? error.message);
				});
			});
		}

		function askPlainly(path: string): Promise<Omit<Answer, 'body'>> {
			const options = { host: '127.0.0.1', port: place.plainPort, path };
			return new Promise((resolve, reject) => {
				requestPlain({ ...options, headers: { host: 'localhost' } }, (response) => {
					response.resume();
					resolve({ status: response.statusCode ?? 0, headers: response.headers });
				})
					.once('error', reject)
					.end();
			});
		}
	});
});

function makeCertificate(folder: string): void {
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
	const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
	const files = ['-keyout', 'key.pem', '-out', 'cert.pem', '-days', '2'];
	execFileSync('openssl', ['req', '-x509', ...key, ...names, ...files], {
		cwd: folder,
		stdio: 'ignore'
	});
}

/** Resolves when something listens there; a program that ended before will not. */
async function listens(port: number, program: ChildProcess): Promise<void> {
	while (program.exitCode === null) {
		const open = await new Promise<boolean>((resolve) => {
			const socket = connect(port, '127.0.0.1');
			socket.once('error', () => {
				resolve(false);
			});
			socket.once('connect', () => {
				socket.destroy();
				resolve(true);
			});
		});
		if (open) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error(`the proxy ended with ${program.exitCode}`);
}
