/** Long reads of a database file apart from the server's own thread; see serve/aside.js. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectFolder } from '#lib/server/db/migrate.ts';

type Row = readonly unknown[];

/**
 * Resolves when the connection is closed again, for good.
 *
 * @throws {Error} of the driver, if the statement fails.
 */
export function runAside(
	path: string,
	sql: string,
	args: readonly string[] = []
): Promise<readonly Row[]> {
	const worker = new Worker(join(projectFolder(), 'serve', 'aside.js'), {
		workerData: { path, sql, args }
	});
	return new Promise((resolve, reject) => {
		let rows: readonly Row[] | undefined;
		worker.once('message', (answer: readonly Row[]) => {
			rows = answer;
		});
		worker.once('error', reject);
		worker.once('exit', () => {
			if (rows === undefined) reject(new Error('a statement ended without an answer'));
			else resolve(rows);
		});
	});
}
