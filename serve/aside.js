/**
 * One statement on a connection of its own, in a thread of its own: copying or checking a large
 * database takes seconds in which the server's thread could answer nobody. It reads what was
 * committed when it began, and neither waits for writes nor makes them wait.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createClient } from '@libsql/client';

/** How long to wait for a database that a starting or ending server holds. */
const BUSY_TIMEOUT_MS = 30_000;

const { path, sql, args } = /** @type {{ path: string, sql: string, args: string[] }} */ (
	workerData
);
const url = `file:${path.split('/').map(encodeURIComponent).join('/')}`;
const client = createClient({ url, concurrency: 1, timeout: BUSY_TIMEOUT_MS });
try {
	const { rows } = await client.execute({ sql, args });
	parentPort?.postMessage(rows.map((row) => Array.from(row)));
} finally {
	client.close();
}
