/**
 * A client of a file that keeps the statements which it has prepared. The driver's own prepares each
 * text anew, which is a seventh of what a commit costs.
 *
 * It is put together from parts of the driver that are its own affair (`package.json` names one version
 * of it, and tests hold it to what is said here). A statement that is kept has been stepped to its end,
 * or is set back before it is stepped again; SQLite itself prepares it anew when the schema changes.
 */
import { ConnectionPool, Sqlite3Client } from '@libsql/client/sqlite3';
import type { Client } from '@libsql/client';

/** What of a connection and its statements is exchanged here. */
interface Preparing {
	prepare(text: string): Prepared;
	close(): unknown;
}
interface Prepared {
	raw(on: boolean): unknown;
}

/** A server has about as many; the oldest goes first. */
const MOST = 200;
/**
 * Between two rows that are written at once. How many there are is seldom the same again, and a
 * statement holds what was last bound to it, which can be megabytes for many.
 */
const NEXT_ROW = '), (';

/** What the driver throws away at once: it asks each statement for rows to find out whether it has any. */
const NO_ROWS = new Error('the statement returns no rows');

/** A client with one connection. @throws {Error} of the driver if there can be none. */
export function openClient(path: string, timeoutMs: number): Client {
	const pool = new ConnectionPool(path, { timeout: timeoutMs }, 1);
	const connection = pool.acquireSync();
	keepStatements(connection);
	pool.release(connection);
	return new Sqlite3Client(pool, 'number');
}

/** From now on `connection` prepares a text once. */
export function keepStatements(connection: Preparing): void {
	const kept = new Map<string, Prepared>();
	const prepare = connection.prepare.bind(connection);
	const close = connection.close.bind(connection);
	connection.prepare = (text) => {
		// Whatever it undoes, no statement of it is used again.
		if (text === 'ROLLBACK') kept.clear();
		const known = kept.get(text);
		if (known !== undefined) return known;
		const statement = prepare(text);
		if (text.includes(NEXT_ROW)) return statement;
		rememberWhetherRows(statement);
		for (const [oldest] of kept) if (kept.size >= MOST) kept.delete(oldest);
		kept.set(text, statement);
		return statement;
	};
	connection.close = () => {
		kept.clear();
		return close();
	};
}

function rememberWhetherRows(statement: Prepared): void {
	try {
		statement.raw(true);
	} catch {
		statement.raw = () => {
			throw NO_ROWS;
		};
	}
}
