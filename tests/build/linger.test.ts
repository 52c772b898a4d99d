/** Clients that are refused in the middle of what they send: each must get to read why. */
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SMALL_BODY_BYTES } from '#lib/api/limits.ts';
import { BODY_LIMIT_BYTES } from '../../serve/front.js';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';

/** More than a server that does not read could leave to the kernel. */
const MUCH = 'x'.repeat(8 * 1024 * 1024);
const PIECE = 'x'.repeat(1_000_000);

let server: ServerProcess;

beforeAll(async () => {
	server = await startServer();
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

describe('a client whose body is refused while it still comes', () => {
	test.each([
		['that tells its length', `Content-Length: ${SMALL_BODY_BYTES + MUCH.length}`, ''],
		['that tells its length and closes', `Content-Length: ${MUCH.length}`, 'Connection: close'],
		['over the limit of all', `Content-Length: ${BODY_LIMIT_BYTES + 1}`, 'Connection: close']
	])('gets the answer and can go on sending: one %s', async (_kind, length, connection) => {
		const client = await open();
		client.socket.write(headOf(length, connection));
		await client.answered(/"code":"too-large"/);
		await client.write(MUCH);
		client.socket.end();
		await client.closed;
		expect(client.error()).toBeUndefined();
		expect(client.text()).toMatch(/^HTTP\/1\.1 413 /);
	});

	test('gets the answer and can go on sending: one that does not tell its length', async () => {
		const client = await open();
		client.socket.write(headOf('Transfer-Encoding: chunked', ''));
		client.socket.write(chunk('x'.repeat(SMALL_BODY_BYTES + 1)));
		await client.answered(/"code":"too-large"/);
		for (let i = 0; i < 8; i++) await client.write(chunk(PIECE));
		await client.write('0\r\n\r\n');
		client.socket.end();
		await client.closed;
		expect(client.error()).toBeUndefined();
		expect(client.text()).toMatch(/^HTTP\/1\.1 413 /);
	});

	test('is answered once: what it sends behind that body is no request', async () => {
		const client = await open();
		client.socket.write(headOf('Transfer-Encoding: chunked', ''));
		client.socket.write(chunk('x'.repeat(SMALL_BODY_BYTES + 1)));
		await client.answered(/"code":"too-large"/);
		await client.write('0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
		client.socket.end();
		await client.closed;
		expect(client.text().match(/HTTP\/1\.1 /g)).toHaveLength(1);
	});

	test('is cut off if it never ends', async () => {
		const client = await open();
		client.socket.write(headOf('Transfer-Encoding: chunked', ''));
		client.socket.write(chunk('x'.repeat(SMALL_BODY_BYTES + 1)));
		while (!client.socket.destroyed) await client.write(chunk(PIECE));
		expect(client.error()).toBeDefined();
		expect(client.text()).toMatch(/^HTTP\/1\.1 413 /);
	});

	test('reads it with a client of Node, which sends and reads at once', async () => {
		const statuses = await Promise.all(Array.from({ length: 20 }, statusWhileSending));
		expect(new Set(statuses)).toEqual(new Set([413]));
	});
});

function headOf(...fields: readonly string[]): string {
	const lines = [
		'POST /api/v1/auth/challenge HTTP/1.1',
		'Host: localhost',
		`Origin: ${server.origin}`,
		'Content-Type: application/json',
		...fields.filter((field) => field !== '')
	];
	return `${lines.join('\r\n')}\r\n\r\n`;
}

function chunk(text: string): string {
	return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** A connection whose own side stays open when the server has closed the other one. */
async function open() {
	const socket = await connected();
	let text = '';
	let error: Error | undefined;
	socket.setEncoding('latin1').on('data', (more: string) => (text += more));
	socket.once('error', (thrown) => (error = thrown));
	return {
		socket,
		text: () => text,
		error: () => error,
		closed: new Promise<void>((resolve) => {
			socket.once('close', () => {
				resolve();
			});
		}),
		answered: (wanted: RegExp) =>
			new Promise<void>((resolve, reject) => {
				socket.on('data', () => {
					if (wanted.test(text)) resolve();
				});
				socket.once('close', () => {
					reject(new Error(`closed after: ${text}`));
				});
			}),
		write: (more: string) =>
			new Promise<void>((resolve) => {
				socket.write(more, 'latin1', () => {
					resolve();
				});
			})
	};
}

function connected(): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const options = { port: server.port, host: '127.0.0.1', allowHalfOpen: true };
		const socket = connect(options, () => {
			socket.off('error', reject);
			resolve(socket);
		});
		socket.once('error', reject);
	});
}

/** The status that comes back while a body of unknown length is still sent. */
function statusWhileSending(): Promise<number | undefined> {
	return new Promise((resolve, reject) => {
		const sending = request(`${server.origin}/api/v1/auth/challenge`, {
			method: 'POST',
			agent: false,
			headers: { origin: server.origin, 'content-type': 'application/json' }
		});
		sending.once('response', (response) => {
			resolve(response.resume().statusCode);
		});
		sending.once('error', reject);
		sending.end('x'.repeat(BODY_LIMIT_BYTES / 4));
	});
}
