/** The door of the host's command: for whom it opens, and what it makes of hostile lines. */
import { once } from 'node:events';
import {
	chmodSync,
	existsSync,
	linkSync,
	readdirSync,
	renameSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromUtf8 } from '#lib/encoding/bytes.ts';
import { REQUEST_BYTES } from '#lib/server/admin/messages.ts';
import { Host } from './host.ts';
import { someone } from './person.ts';

let host: Host;
let path: string;

beforeEach(async () => {
	host = await Host.open();
	path = join(host.directory, 'admin.sock');
});

afterEach(async () => {
	await host.remove();
});

/** Everything that comes back for these bytes. */
async function say(sent: string | Uint8Array): Promise<string> {
	const socket = connect(path);
	const chunks: Uint8Array[] = [];
	socket.on('data', (chunk) => chunks.push(chunk));
	socket.on('error', () => undefined);
	socket.write(sent);
	await once(socket, 'close');
	return fromUtf8(Buffer.concat(chunks));
}

async function linesFor(request: object): Promise<unknown[]> {
	const answer = await say(`${JSON.stringify(request)}\n`);
	return answer
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as unknown);
}

describe('the socket', () => {
	test('is for its owner only', () => {
		const { mode } = statSync(path);
		expect((mode & 0o777).toString(8)).toBe('600');
		expect((statSync(host.directory).mode & 0o777).toString(8)).toBe('700');
	});

	test('answers a request with events and an end', async () => {
		await someone(host, 'ada@example.org');
		expect(await linesFor({ command: 'accounts' })).toMatchObject([
			{ event: 'account', email: 'ada@example.org' },
			{ event: 'end' }
		]);
	});

	test('answers several at a time', async () => {
		const answers = await Promise.all(
			Array.from({ length: 6 }, () => linesFor({ command: 'check' }))
		);
		for (const lines of answers) expect(lines.at(-1)).toEqual({ event: 'end' });
	});

	test('is gone when the server has stopped, and there again when it has started', async () => {
		await host.stop();
		expect(existsSync(path)).toBe(false);
		await host.start();
		expect(await linesFor({ command: 'setup-code' })).toHaveLength(2);
	});

	test('ends with the server, whoever is connected', async () => {
		const socket = connect(path);
		await once(socket, 'connect');
		const closed = once(socket, 'close');
		await host.stop();
		await closed;
	});

	test('takes the place of one that a killed server left behind', async () => {
		await host.stop();
		const left = createServer().listen(path);
		await once(left, 'listening');
		// What is left is a name that nobody listens at.
		const kept = join(host.directory, 'kept');
		linkSync(path, kept);
		await new Promise((resolve) => left.close(resolve));
		renameSync(kept, path);
		await host.start();
		expect(await linesFor({ command: 'setup-code' })).toHaveLength(2);
	});
});

describe('the server serves without a door, and says so,', () => {
	async function startsWithout(reason: string): Promise<void> {
		await host.start();
		expect(host.lines.join('')).toContain('the admin command will not reach this server');
		expect(host.lines.join('')).toContain(reason);
		expect(await host.server.ready()).toBe(true);
	}

	test('if others can enter the folder', async () => {
		await host.stop();
		chmodSync(host.directory, 0o750);
		await startsWithout('chmod 700');
		expect(existsSync(path)).toBe(false);
	});

	test('if something else has its name, which stays', async () => {
		await host.stop();
		writeFileSync(path, 'a file');
		await startsWithout('is no socket');
		expect(statSync(path).isFile()).toBe(true);
	});

	test('if another server listens there, which goes on', async () => {
		await host.stop();
		const other = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.resume().end('other');
		}).listen(path);
		await once(other, 'listening');
		await startsWithout('another server');
		expect(await say('\n')).toBe('other');
		await host.stop();
		await new Promise((resolve) => other.close(resolve));
	});
});

describe('a line that is no request is refused, and nothing is done:', () => {
	const long = `{"command":"invite","email":"${'a'.repeat(REQUEST_BYTES)}"}\n`;

	test.each([
		['nothing', '\n'],
		['a text', 'accounts\n'],
		['half of JSON', '{"command":\n'],
		['a list', '["accounts"]\n'],
		['a command that is none', '{"command":"sql","email":"select 1"}\n'],
		['a command of another kind', '{"command":{"toString":"accounts"}}\n'],
		['a member too many', '{"command":"accounts","vault":"x"}\n'],
		['a prototype', '{"command":"accounts","__proto__":{"email":"x"}}\n'],
		['a constructor', '{"command":"constructor"}\n'],
		['a missing email', '{"command":"delete-account"}\n'],
		['an email of another kind', '{"command":"delete-account","email":["ada@example.org"]}\n'],
		['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x0a)],
		['zeros', `${'\0'.repeat(100)}\n`],
		['more than a line', '{"command":"accounts"}\n{"command":"accounts"}\n'],
		['a line that is too long', long],
		['a line without an end', 'x'.repeat(2 * REQUEST_BYTES)],
		['brackets without an end', '['.repeat(REQUEST_BYTES - 1) + '\n'],
		['HTTP', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n']
	])('%s', async (_what, sent) => {
		await someone(host, 'ada@example.org');
		const answer = await say(sent);
		expect(answer).toContain('"event":"fault"');
		expect(answer).not.toContain('ada@');
		expect(host.lines.join('')).not.toContain('"level":50');
		expect(await linesFor({ command: 'accounts' })).toHaveLength(2);
	});

	test('an email that is none is told as that', async () => {
		expect(await linesFor({ command: 'invite', email: 'ada' })).toEqual([
			{ event: 'fault', code: 'input', message: 'email needs exactly one @' },
			{ event: 'end' }
		]);
	});
});

describe('a copy for a backup', () => {
	const copies = () => readdirSync(host.directory).filter((name) => name.startsWith('copy-'));

	async function copied() {
		const socket = connect(path);
		socket.write('{"command":"backup"}\n');
		const [chunk] = (await once(socket, 'data')) as [Buffer];
		return { socket, copy: JSON.parse(fromUtf8(chunk)) as { path: string; bytes: number } };
	}

	test('is private, is there as long as whoever asked, and gone afterwards', async () => {
		const { socket, copy } = await copied();
		expect((statSync(copy.path).mode & 0o777).toString(8)).toBe('600');
		expect(statSync(copy.path).size).toBe(copy.bytes);
		socket.destroy();
		await expect.poll(copies).toEqual([]);
	});

	test('goes with the server', async () => {
		const { copy } = await copied();
		await host.stop();
		await expect.poll(() => existsSync(copy.path)).toBe(false);
	});

	test('that a killed process left behind goes at the next start', async () => {
		await host.stop();
		for (const end of ['', '-journal']) {
			writeFileSync(join(host.directory, `copy-${'0'.repeat(32)}.db${end}`), 'left');
		}
		writeFileSync(join(host.directory, 'copy-of-mine.db'), 'mine');
		await host.start();
		expect(copies()).toEqual(['copy-of-mine.db']);
	});
});
