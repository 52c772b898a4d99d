/**
 * `node scripts/backup.js DATABASE COPY`: a copy of the database as it stands at one moment, while
 * the server runs or when it does not. SQLite itself makes it, because the file alone may lack what
 * is still in the write-ahead log beside it. The copy has its name only once it is whole, checked
 * and on the disk.
 */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createClient } from '@libsql/client';

/** How long to wait while a server that starts holds the file. */
const PATIENCE_MS = 30_000;

const [database, copy, ...more] = process.argv.slice(2);
if (database === undefined || copy === undefined || more.length > 0) {
	fail('Use: node scripts/backup.js DATABASE COPY');
} else {
	try {
		await backUp(resolve(database), resolve(copy));
		process.stdout.write(`${copy}: ${statSync(copy).size} bytes\n`);
	} catch (error) {
		fail(error instanceof Error ? error.message : String(error));
	}
}

/**
 * @param {string} from
 * @param {string} to
 */
async function backUp(from, to) {
	if (!existsSync(from)) throw new Error(`There is no ${from}.`);
	if (existsSync(to)) throw new Error(`${to} is there already: it is left as it is.`);
	const part = `${to}.part`;
	rmSync(part, { force: true });
	// Private from its first byte on; SQLite takes an empty file for none.
	closeSync(openSync(part, 'wx', 0o600));
	await run(from, { sql: 'VACUUM INTO ?', args: [part] });
	const [row] = await run(part, { sql: 'PRAGMA integrity_check', args: [] });
	if (row?.[0] !== 'ok') throw new Error(`The copy is damaged, so the database is: ${part}`);
	sync(part);
	// Unlike a rename this never replaces another copy.
	linkSync(part, to);
	rmSync(part);
	sync(dirname(to));
}

/**
 * @param {string} path
 * @param {{ sql: string, args: string[] }} statement
 */
async function run(path, statement) {
	const url = `file:${path.split('/').map(encodeURIComponent).join('/')}`;
	const client = createClient({ url, concurrency: 1, timeout: PATIENCE_MS });
	try {
		return (await client.execute(statement)).rows;
	} finally {
		client.close();
	}
}

/** @param {string} path */
function sync(path) {
	const file = openSync(path, 'r');
	fsyncSync(file);
	closeSync(file);
}

/** @param {string} sentence */
function fail(sentence) {
	process.stderr.write(`No backup was made. ${sentence}\n`);
	process.exitCode = 1;
}
