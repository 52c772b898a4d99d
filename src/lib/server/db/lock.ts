/**
 * One process per database file. The lock is a write transaction held open on a side file: the
 * kernel frees it when the process ends, however it ends. Two processes on one file would sooner
 * or later be busy with each other, and after that a connection can report writes that it loses.
 */
import type { Transaction } from '@libsql/client';
import { dirname, join } from 'node:path';
import { databasePath, makePrivateFile, openFile } from '#lib/server/db/client.ts';
import { StartError } from '#lib/server/errors.ts';

export interface ProcessLock {
	readonly held: boolean;
	release(): void;
}

/**
 * Takes the lock beside the database file. A libSQL server keeps order itself and needs none.
 *
 * @throws {StartError} if another process holds it.
 */
export async function lockProcess(databaseUrl: string): Promise<ProcessLock> {
	const database = databasePath(databaseUrl);
	if (database === undefined) return { held: true, release: () => undefined };
	const path = join(dirname(database), 'keyhold.lock');
	makePrivateFile(path);
	const client = openFile(path, 0);
	let transaction: Transaction;
	try {
		// Nothing is ever written here, and a journal file would only be left behind.
		await client.execute('PRAGMA journal_mode = MEMORY');
		transaction = await client.transaction('write');
	} catch {
		client.close();
		throw new StartError(
			`another process is using ${database}: stop it first, only one may (lock: ${path})`
		);
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
