/**
 * Gets a request done: by the server that runs on the data, or by opening the database here. What is
 * done is the same code.
 */
import { statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { z } from '#lib/api/zod.ts';
import { fromUtf8 } from '#lib/encoding/bytes.ts';
import { AdminEvent, EVENT_BYTES, type AdminRequest } from '#lib/server/admin/messages.ts';
import { perform } from '#lib/server/admin/perform.ts';
import { connectDoor, socketPath } from '#lib/server/admin/socket.ts';
import { databasePath } from '#lib/server/db/client.ts';
import { InUseError } from '#lib/server/db/lock.ts';
import { readEnv, type Env } from '#lib/server/env.ts';
import { StartError } from '#lib/server/errors.ts';
import { openLog } from '#lib/server/log.ts';
import { openServer } from '#lib/server/server.ts';
import { AdminError, EXIT } from './errors.ts';
import { codeOf } from './files.ts';
import type { Surroundings } from './surroundings.ts';

const DEFAULT_DATA_DIR = './data';
const NEWLINE = 0x0a;

/** @throws {AdminError} */
export async function* ask(
	surroundings: Surroundings,
	request: AdminRequest
): AsyncGenerator<AdminEvent> {
	const door = await runningServer(surroundings);
	const events = door === undefined ? here(surroundings, request) : through(door, request);
	for await (const event of events) {
		if (event.event === 'fault') throw new AdminError(event.code, sentence(event.message));
		yield event;
	}
}

/** A connection to the server that runs on the data, if there is one. */
export async function runningServer({ environment }: Surroundings): Promise<Socket | undefined> {
	// Nothing else of the environment is needed for it: the server has its own.
	const dataDir = environment['DATA_DIR'];
	return await connectDoor(
		socketPath(dataDir === undefined || dataDir === '' ? DEFAULT_DATA_DIR : dataDir)
	);
}

async function* through(socket: Socket, request: AdminRequest): AsyncGenerator<AdminEvent> {
	socket.write(`${JSON.stringify(request)}\n`);
	try {
		for await (const line of linesOf(socket)) {
			const event = eventIn(line);
			if (event.event === 'end') return;
			yield event;
		}
	} catch (error) {
		if (codeOf(error) !== 'ECONNRESET') throw error;
	}
	throw new AdminError('failed', 'The server ended before it was done.');
}

/** Leaving the loop over it ends the connection. */
async function* linesOf(socket: Socket): AsyncGenerator<Buffer> {
	let rest = Buffer.alloc(0);
	for await (const chunk of socket as AsyncIterable<Buffer>) {
		rest = Buffer.concat([rest, chunk]);
		for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
			yield rest.subarray(0, at);
			rest = rest.subarray(at + 1);
		}
		if (rest.length > EVENT_BYTES) throw notUnderstood();
	}
}

function eventIn(line: Buffer): AdminEvent {
	try {
		return z.parse(AdminEvent, JSON.parse(fromUtf8(line)));
	} catch {
		throw notUnderstood();
	}
}

function notUnderstood(): AdminError {
	return new AdminError('failed', 'The server answers in another way: restart it on this build.');
}

async function* here(
	surroundings: Surroundings,
	request: AdminRequest
): AsyncGenerator<AdminEvent> {
	const env = readEnv(surroundings.environment);
	requireDatabase(env);
	const log = openLog('warn', {
		write: (line) => {
			surroundings.err(line.trimEnd());
		}
	});
	const exit = () => process.exit(EXIT.failed);
	const server = await openServer(env, { log, now: Date.now, exit, asGuest: true }).catch(
		unreached
	);
	try {
		yield* perform(server, request);
	} finally {
		await server.close();
	}
}

/** Where a server runs, it would have been asked. */
function unreached(error: unknown): never {
	if (!(error instanceof InUseError)) throw error;
	const hint = 'If that is the server, its log says why this command does not reach it';
	throw new StartError(`${sentence(error.message)} ${hint}`);
}

/** Opening makes a database, which nobody asked for. */
function requireDatabase({ databaseUrl }: Env): void {
	const path = databasePath(databaseUrl);
	if (path === undefined || isThere(path)) return;
	throw new AdminError('failed', `There is no database at ${path}: start the server first.`);
}

/** Whether there is a database; an empty file is none. */
export function isThere(path: string): boolean {
	return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Messages of the server are parts of sentences. */
export function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
