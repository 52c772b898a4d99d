/**
 * One process per database file. The lock is a write transaction held open on a side file: the
 * kernel frees it when the process ends, however it ends. Two processes on one file would sooner
 * or later be busy with each other, and after that a connection can report writes that it loses.
 */
import { LibsqlError, type Transaction } from '@libsql/client';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { databasePath, makePrivateFile, openFile } from '#lib/server/db/client.ts';
import { StartError } from '#lib/server/errors.ts';

/** Another process has the lock. */
export class InUseError extends StartError {}

export interface ProcessLock {
	readonly held: boolean;
	release(): void;
}

/**
 * Takes the lock beside the database file. A libSQL server keeps order itself and needs none.
 *
 * @throws {InUseError} if another process holds it.
 * @throws {StartError} if it cannot be taken at all.
 */
export async function lockProcess(databaseUrl: string): Promise<ProcessLock> {
	const database = databasePath(databaseUrl);
	if (database === undefined) return { held: true, release: () => undefined };
	makePrivateFile(database);
	// Beside the file itself: two links to it need one lock.
	const path = join(dirname(realpathSync(database)), 'keyhold.lock');
	makePrivateFile(path);
	const client = openFile(path, 0);
	let transaction: Transaction;
	try {
		// Nothing is ever written here, and a journal file would only be left behind.
		await client.execute('PRAGMA journal_mode = MEMORY');
		transaction = await client.transaction('write');
	} catch (error) {
		client.close();
		throw refusal(error, database, path);
	}
	return {
		get held() {
			return !transaction.closed;
		},
		release() {
			transaction.close();
			client.close();
		}
	};
}

function refusal(error: unknown, database: string, path: string): StartError {
	const code = error instanceof LibsqlError ? error.code : 'unknown';
	return code.startsWith('SQLITE_BUSY')
		? new InUseError(
				`another process is using ${database}: stop it first, only one may (lock: ${path})`
			)
		: new StartError(
				`cannot lock ${path} (${code}): may this user write it, and does its disk know locks?`
			);
}
