/** Clients that hold connections and send nothing, or next to nothing. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';

let server: ServerProcess;
const sockets: Socket[] = [];

beforeAll(async () => {
	server = await startServer();
});

afterAll(async () => {
	for (const socket of sockets) socket.destroy();
	await server.stop();
	removeFolder(server.folder);
});

describe('idle connections', () => {
	test('a thousand of them keep nobody out', async () => {
		await Promise.all(Array.from({ length: 1_000 }, open));
		expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
	});
});

describe('a request', () => {
	test('whose headers do not come within 15 seconds is refused and cut off', async () => {
		const socket = await open();
		socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
		const answer = await allOf(socket);
		expect(answer).toMatch(/^HTTP\/1\.1 408 /);
		expect(answer).toContain('Content-Security-Policy: ');
	}, 40_000);
});

function open(): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const socket = connect(server.port, '127.0.0.1', () => {
			resolve(socket);
		});
		sockets.push(socket);
		socket.once('error', reject);
	});
}

function allOf(socket: Socket): Promise<string> {
	const chunks: Buffer[] = [];
	socket.on('data', (chunk) => chunks.push(chunk));
	return new Promise((resolve) => {
		socket.once('close', () => {
			resolve(Buffer.concat(chunks).toString());
		});
	});
}
