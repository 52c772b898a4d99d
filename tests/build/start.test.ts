/** How the server starts, refuses to start, and stops. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
	freePort,
	newFolder,
	removeFolder,
	runToEnd,
	startServer,
	type ServerProcess
} from '../server-process.ts';

const KEY = randomBytes(32).toString('base64url');

const BODY = JSON.stringify({ email: 'nobody@example.org', purpose: 1 });

const servers: ServerProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
	for (const server of servers.splice(0)) {
		await server.stop();
		folders.push(server.folder);
	}
	folders.splice(0).forEach(removeFolder);
});

describe('a fault that nothing catches', () => {
	const MARK = 'canary-of-a-fault';
	// In two parts, because the place of the fault is the code itself here.
	const SAID = "'canary-of-' + 'a-fault'";
	const atSignal = (statement: string) => {
		const code = encodeURIComponent(`process.on('SIGUSR2', () => { ${statement} })`);
		return { NODE_OPTIONS: `--import=data:text/javascript,${code}` };
	};

	test.each([
		['thrown', `throw new TypeError(${SAID})`],
		['rejected', `Promise.reject(new TypeError(${SAID}))`]
	])('when it is %s, ends the server with a line that does not quote it', async (_how, code) => {
		const server = await started(atSignal(code));
		server.child.kill('SIGUSR2');
		const { code: exitCode, output } = await server.ended;
		expect(exitCode).toBe(1);
		const line = output.split('\n').find((text) => text.includes('nothing caught'));
		expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 60, error: 'TypeError' });
		expect(output).not.toContain(MARK);
	});
});

describe('the first run', () => {
	test('makes secrets that only this user can read, and says so', async () => {
		const server = await started();
		const name = join(server.folder, 'data', 'secrets.env');
		expect(statSync(name).mode & 0o777).toBe(0o600);
		expect(statSync(join(server.folder, 'data')).mode & 0o777).toBe(0o700);
		expect(readFileSync(name, 'utf8')).toMatch(/^ENCRYPTION_KEYS=[\w-]{43}$/m);
		expect(server.output()).toContain('data/secrets.env');
		expect(server.output()).not.toContain(secretIn(name));
	});

	test('leaves no file that others can read', async () => {
		const server = await started();
		expect(statSync(join(server.folder, 'data', 'keyhold.db')).mode & 0o077).toBe(0);
	});

	test('prints the address to open', async () => {
		const server = await started();
		expect(server.output()).toContain(`Keyhold listens on http://localhost:${server.port}\n`);
	});

	test('is not repeated: the second start keeps the secrets', async () => {
		const first = await started();
		const name = join(first.folder, 'data', 'secrets.env');
		const secret = secretIn(name);
		await first.stop();
		const second = await started({}, first.folder);
		expect(secretIn(name)).toBe(secret);
		expect(second.output()).not.toContain('First run');
	});

	test('takes the keys of the environment where there are some', async () => {
		const server = await started({ ENCRYPTION_KEYS: KEY });
		expect(existsSync(join(server.folder, 'data', 'secrets.env'))).toBe(false);
	});
});

describe('two first runs at once', () => {
	test('make one server, and the secrets that are kept open its database', async () => {
		const shared = { DATA_DIR: join(tracked(), 'data') };
		const starts = await Promise.allSettled([started(shared), started(shared)]);
		const [first, ...more] = starts.flatMap((start) =>
			start.status === 'fulfilled' ? [start.value] : []
		);
		expect(more).toHaveLength(0);
		expect(await first?.stop()).toBe(0);
		await started(shared);
		expect(readdirSync(shared.DATA_DIR).filter((name) => name.startsWith('secrets'))).toEqual([
			'secrets.env'
		]);
	});
});

describe('a server does not start', () => {
	test('without keys in production, and makes none', async () => {
		const folder = tracked();
		const { code, output } = await runToEnd(
			{ NODE_ENV: 'production', ORIGIN: 'https://keys.example.org' },
			folder
		);
		expect(code).toBe(1);
		expect(output).toMatch(/^ENCRYPTION_KEYS: must be set/m);
		expect(existsSync(join(folder, 'data', 'secrets.env'))).toBe(false);
	});

	test('without an origin in production', async () => {
		const { code, output } = await runToEnd(
			{ NODE_ENV: 'production', ENCRYPTION_KEYS: KEY },
			tracked()
		);
		expect(code).toBe(1);
		expect(output).toMatch(/^ORIGIN: must be set/m);
	});

	test('with a faulty environment, and says each fault in one line', async () => {
		const { code, output } = await runToEnd(
			{ ENCRYPTION_KEYS: 'short', REGISTRATION: 'maybe', LOG_LEVEL: 'loud' },
			tracked()
		);
		expect(code).toBe(1);
		const lines = output.trim().split('\n');
		expect(lines[0]).toBe('Keyhold does not start.');
		expect(lines.slice(1).map((line) => line.split(' ')[0])).toEqual([
			'ENCRYPTION_KEYS:',
			'REGISTRATION:',
			'LOG_LEVEL:'
		]);
		expect(output).not.toContain('    at ');
	});

	test.each(['keys.example.org', 'ftp://keys.example.org', 'http://'])(
		'with the origin %s',
		async (origin) => {
			const { code, output } = await runToEnd({ ORIGIN: origin }, tracked());
			expect(code).toBe(1);
			expect(output).toMatch(/^ORIGIN: must be the address people type/m);
		}
	);

	test.each(['0', '65536', 'abc', '-1'])('on port %s', async (port) => {
		const { code, output } = await runToEnd({ PORT: port }, tracked());
		expect(code).toBe(1);
		expect(output).toMatch(/^PORT: must be a whole number/m);
	});

	test('on a port that is taken', async () => {
		const first = await started();
		const { code, output } = await runToEnd({ PORT: String(first.port) }, tracked());
		expect(code).toBe(1);
		expect(output).toContain(`Port ${first.port} of 127.0.0.1 is taken`);
		expect(output).not.toContain('    at ');
	});

	test('on the data of a server that runs', async () => {
		const first = await started();
		const { code, output } = await runToEnd({ PORT: String(await freePort()) }, first.folder);
		expect(code).toBe(1);
		expect(output).not.toContain('    at ');
		expect((await fetch(`${first.origin}/readyz`)).status).toBe(200);
	});

	test('with a data directory that cannot be made, and says so in one line', async () => {
		const folder = tracked();
		writeFileSync(join(folder, 'file'), '');
		const { code, output } = await runToEnd({ DATA_DIR: './file/data' }, folder);
		expect(code).toBe(1);
		expect(output).toMatch(/^cannot make file\/data\/secrets\.env \(ENOTDIR\): /m);
		expect(output).not.toContain('    at ');
	});

	test.each(['.env', 'data/secrets.env'])('with a %s that cannot be read', async (name) => {
		const folder = tracked();
		mkdirSync(join(folder, name), { recursive: true });
		const { code, output } = await runToEnd({}, folder);
		expect(code).toBe(1);
		expect(output).toMatch(new RegExp(`^cannot read ${name} \\(EISDIR\\): `, 'm'));
		expect(output).not.toContain('    at ');
	});

	test('on a database whose secrets are gone', async () => {
		const first = await started();
		await first.stop();
		rmSync(join(first.folder, 'data', 'secrets.env'));
		const { code, output } = await runToEnd({}, first.folder);
		expect(code).toBe(1);
		expect(output).toContain('its secrets are not');
		expect(existsSync(join(first.folder, 'data', 'secrets.env'))).toBe(false);
	});

	test('on a database that other keys made', async () => {
		const first = await started();
		await first.stop();
		const { code, output } = await runToEnd({ ENCRYPTION_KEYS: KEY }, first.folder);
		expect(code).toBe(1);
		expect(output).toContain('ENCRYPTION_KEYS');
		expect(output).not.toContain('    at ');
	});
});

describe('a .env file', () => {
	test('is read, and the environment goes before it', async () => {
		const folder = tracked();
		writeFileSync(join(folder, '.env'), `ENCRYPTION_KEYS=${KEY}\nDATA_DIR=./elsewhere\nPORT=1\n`);
		mkdirSync(join(folder, 'elsewhere'));
		const server = await started({}, folder);
		expect(existsSync(join(server.folder, 'elsewhere', 'keyhold.db'))).toBe(true);
	});
});

describe('a stop', () => {
	test('lets a request in flight finish', async () => {
		const server = await started();
		const slow = await beginRequest(server.port);
		server.child.kill('SIGTERM');
		await until(() => server.output().includes('Keyhold stops'));
		slow.socket.write(BODY);
		expect(await slow.answer).toMatch(/^HTTP\/1\.1 200 /);
		expect((await server.ended).code).toBe(0);
	});

	test('takes no new connections', async () => {
		const server = await started();
		const slow = await beginRequest(server.port);
		server.child.kill('SIGTERM');
		await until(() => server.output().includes('Keyhold stops'));
		await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();
		slow.socket.destroy();
		expect((await server.ended).code).toBe(0);
	});

	test('does not wait for a connection that a browser opened ahead and never used', async () => {
		const server = await started();
		const socket = connect(server.port, '127.0.0.1');
		socket.on('error', () => undefined);
		await once(socket, 'connect');
		server.child.kill('SIGTERM');
		// It would be closed after 75 seconds with all others.
		const early = new Promise((resolve) => setTimeout(resolve, 60_000, 'waits')).then(() => null);
		expect((await Promise.race([server.ended, early]))?.code).toBe(0);
	});

	test('that is asked for twice at once, as npm does, is one stop', async () => {
		const server = await started();
		server.child.kill('SIGINT');
		server.child.kill('SIGINT');
		expect((await server.ended).code).toBe(0);
	});

	test.each(['SIGTERM', 'SIGINT'] as const)('on %s ends without an error', async (signal) => {
		const server = await started();
		await fetch(`${server.origin}/healthz`);
		server.child.kill(signal);
		expect((await server.ended).code).toBe(0);
	});
});

async function started(
	variables: Readonly<Record<string, string>> = {},
	folder?: string
): Promise<ServerProcess> {
	const server = await startServer(variables, folder);
	servers.push(server);
	return server;
}

function tracked(): string {
	const folder = newFolder();
	folders.push(folder);
	return folder;
}

function secretIn(name: string): string {
	return /^ENCRYPTION_KEYS=(.+)$/m.exec(readFileSync(name, 'utf8'))?.[1] ?? '';
}

/** A request that the server waits for the body of, and the promise of what comes back for it. */
async function beginRequest(port: number): Promise<{ socket: Socket; answer: Promise<string> }> {
	const socket = connect(port, '127.0.0.1');
	socket.on('error', () => undefined);
	const head = [
		'POST /api/v1/auth/challenge HTTP/1.1',
		`Host: localhost:${port}`,
		`Origin: http://localhost:${port}`,
		'Content-Type: application/json',
		`Content-Length: ${BODY.length}`,
		'Expect: 100-continue'
	];
	socket.write(`${head.join('\r\n')}\r\n\r\n`);
	const [begun] = (await once(socket, 'data')) as [Buffer];
	expect(begun.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
	const chunks: Buffer[] = [];
	socket.on('data', (chunk) => chunks.push(chunk));
	const answer = once(socket, 'close').then(() => Buffer.concat(chunks).toString());
	return { socket, answer };
}

async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
