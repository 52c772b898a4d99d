/**
 * The door of the host's command: a socket in the data folder, for the user that runs the server and
 * for root, who could both read the database and its keys anyway. A connection takes one request, a
 * line of JSON, and gives events, lines of JSON, until the end.
 */
import { once } from 'node:events';
import { lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from '#lib/api/zod.ts';
import { concat, fromUtf8 } from '#lib/encoding/bytes.ts';
import { AdminRequest, REQUEST_BYTES, type AdminEvent } from '#lib/server/admin/messages.ts';
import { perform } from '#lib/server/admin/perform.ts';
import { StartError } from '#lib/server/errors.ts';
import { errorFields } from '#lib/server/log.ts';
import type { Server } from '#lib/server/server.ts';

/** Of a folder, for its owner alone; and what takes 0600 from a socket's 0777. */
const PRIVATE_FOLDER = 0o700;
const PRIVATE_SOCKET_MASK = 0o177;
/** What every system takes as the path of a socket; some cut a longer one off in silence. */
const PATH_BYTES = 103;
const CONNECTIONS = 8;
/** How long a peer may take to ask, or to read what waits for it. */
const SILENCE_MS = 30_000;
const NEWLINE = 10;

export function socketPath(dataDir: string): string {
	return join(resolve(dataDir), 'admin.sock');
}

/**
 * Opens the door. A server whose door cannot be opened serves all the same, and says so.
 *
 * @returns what closes it, and ends every request of its own.
 */
export async function openDoor(server: Server): Promise<() => Promise<void>> {
	try {
		return await listen(server, socketPath(server.env.dataDir));
	} catch (error) {
		const reason = error instanceof StartError ? { reason: error.message } : errorFields(error);
		server.log.write('warn', 'the admin command will not reach this server', reason);
		return () => Promise.resolve();
	}
}

/** A connection to what listens at `path`; `undefined` if nothing does. */
export async function connectDoor(path: string): Promise<Socket | undefined> {
	const socket = connect(path);
	try {
		await once(socket, 'connect');
		// Whoever reads it hears of it there.
		socket.on('error', () => undefined);
		return socket;
	} catch {
		return undefined;
	}
}

async function listen(server: Server, path: string): Promise<() => Promise<void>> {
	await makeWay(server.env.dataDir, path);
	const open = new Set<Socket>();
	const door = createServer((socket) => {
		open.add(socket);
		socket.once('close', () => open.delete(socket));
		answer(server, socket).catch((error: unknown) => {
			server.log.write('error', 'admin: failed', errorFields(error));
			socket.destroy();
		});
	});
	door.maxConnections = CONNECTIONS;
	const listening = once(door, 'listening');
	const mask = process.umask(PRIVATE_SOCKET_MASK);
	try {
		door.listen(path);
	} finally {
		process.umask(mask);
	}
	await listening;
	door.unref();
	return async () => {
		for (const socket of open) socket.destroy();
		const closed = once(door, 'close');
		door.close();
		await closed;
	};
}

/** A server that was killed leaves its socket behind. */
async function makeWay(dataDir: string, path: string): Promise<void> {
	mkdirSync(dataDir, { recursive: true, mode: PRIVATE_FOLDER });
	if ((statSync(dataDir).mode & 0o077) !== 0) {
		throw new StartError('other users of this machine can enter the data folder: chmod 700 it');
	}
	if (Buffer.byteLength(path) > PATH_BYTES) {
		throw new StartError('the path of the data folder is too long for a socket in it');
	}
	const there = lstatSync(path, { throwIfNoEntry: false });
	if (there === undefined) return;
	if (!there.isSocket()) throw new StartError('admin.sock in the data folder is no socket');
	const socket = await connectDoor(path);
	if (socket !== undefined) {
		socket.destroy();
		throw new StartError('another server uses that data folder');
	}
	rmSync(path, { force: true });
}

async function answer(server: Server, socket: Socket): Promise<void> {
	const closed = new Promise((resolve) => socket.once('close', resolve));
	socket.on('error', () => undefined);
	socket.on('timeout', () => socket.destroy());
	socket.setTimeout(SILENCE_MS);
	const line = await firstLine(socket);
	socket.setTimeout(0);
	const request = line === undefined ? undefined : requestIn(line);
	if (request === undefined) {
		const message = 'the server does not understand that: was it built anew and not restarted?';
		await send(socket, { event: 'fault', code: 'failed', message });
		socket.destroySoon();
		return;
	}
	socket.on('data', () => socket.destroy());
	for await (const event of perform(server, request)) {
		if (!(await send(socket, event))) return;
		// It is there as long as the connection.
		if (event.event === 'copy') await closed;
	}
	await send(socket, { event: 'end' });
	socket.end();
}

/** `undefined` for anything but one line of at most {@link REQUEST_BYTES}. */
function firstLine(socket: Socket): Promise<Uint8Array | undefined> {
	return new Promise((resolve) => {
		const chunks: Uint8Array[] = [];
		let length = 0;
		const settle = (line: Uint8Array | undefined) => {
			socket.off('data', take);
			resolve(line);
		};
		const take = (chunk: Uint8Array) => {
			chunks.push(chunk);
			length += chunk.length;
			const at = chunk.indexOf(NEWLINE);
			if (length > REQUEST_BYTES || (at >= 0 && at < chunk.length - 1)) settle(undefined);
			else if (at >= 0) settle(concat(...chunks).subarray(0, length - 1));
		};
		socket.on('data', take);
		socket.once('end', () => {
			settle(undefined);
		});
		socket.once('close', () => {
			settle(undefined);
		});
	});
}

function requestIn(line: Uint8Array): AdminRequest | undefined {
	try {
		return z.parse(AdminRequest, JSON.parse(fromUtf8(line)));
	} catch {
		return undefined;
	}
}

/** Whether the peer is still there to hear more. */
async function send(socket: Socket, event: AdminEvent): Promise<boolean> {
	if (socket.destroyed) return false;
	if (!socket.write(`${JSON.stringify(event)}\n`)) {
		socket.setTimeout(SILENCE_MS);
		await new Promise((resolve) => {
			socket.once('drain', resolve);
			socket.once('close', resolve);
		});
		socket.setTimeout(0);
	}
	return !socket.destroyed;
}
