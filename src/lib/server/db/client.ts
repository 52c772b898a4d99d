/**
 * The libSQL connection, and the file that it needs; remote.ts connects to a libSQL server.
 *
 * One connection only: on a file every call is synchronous anyway, PRAGMAs hold per connection,
 * and a second one could be busy with the first.
 */
import { createClient, type Client } from '@libsql/client';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from '#lib/server/errors.ts';

/** How long a connection waits for another process (a backup tool, say) before it is busy. */
const BUSY_TIMEOUT_MS = 5_000;
const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** The path behind a `file:` address, which after `file:` is literal; `undefined` for a libSQL server. */
export function databasePath(url: string): string | undefined {
	if (!url.startsWith('file:')) return undefined;
	return url.startsWith('file://') ? fileURLToPath(url) : resolve(url.slice('file:'.length));
}

/**
 * Opens the file: write-ahead log, every commit synced to disk, foreign keys on.
 *
 * @throws {StartError} if the file cannot be made or a setting does not take.
 */
export async function connect(path: string): Promise<Client> {
	makePrivateFile(path);
	const client = openFile(path, BUSY_TIMEOUT_MS);
	try {
		await setPragmas(client);
		return client;
	} catch (error) {
		client.close();
		throw error instanceof StartError ? error : unusable(path);
	}
}

/** A connection to a file, without the settings of {@link connect}. */
export function openFile(path: string, timeoutMs: number): Client {
	// The client reads an address, where `%`, `?` and `#` mean something.
	const url = `file:${path.split('/').map(encodeURIComponent).join('/')}`;
	try {
		return createClient({ url, concurrency: 1, timeout: timeoutMs });
	} catch {
		throw unusable(path);
	}
}

/** SQLite gives the files beside it the same permissions. */
export function makePrivateFile(path: string): void {
	try {
		mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
		if (!existsSync(path)) closeSync(openSync(path, 'wx', PRIVATE_FILE));
	} catch {
		throw new StartError(`cannot make ${path}: may this user write the directory?`);
	}
}

async function setPragmas(client: Client): Promise<void> {
	await client.execute('PRAGMA journal_mode = WAL');
	await client.execute('PRAGMA synchronous = FULL');
	await client.execute('PRAGMA foreign_keys = ON');
	const wanted = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1 };
	for (const [name, value] of Object.entries(wanted)) {
		const { rows } = await client.execute(`PRAGMA ${name}`);
		if (rows[0]?.[0] !== value) throw new StartError(`the database refuses ${name} = ${value}`);
	}
}

function unusable(path: string): StartError {
	return new StartError(`cannot open ${path}: is it a database, and may this user write it?`);
}
