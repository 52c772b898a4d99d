/**
 * Brings the database to the schema of this version. Of several processes that start together on a
 * libSQL server one does it: what is missing is one transaction that begins with where the database
 * stood, so nobody applies it on top of another's. Before anything changes in a file that holds
 * data, a copy is made beside it.
 */
import type { Client, InStatement } from '@libsql/client';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { databasePath, makePrivateFile } from '#lib/server/db/client.ts';
import { StartError } from '#lib/server/errors.ts';

interface Migration {
	/** How many migrations were applied. */
	readonly applied: number;
	/** Where the database as it was before was copied to. */
	readonly copy: string | undefined;
}

/**
 * Applies what is missing; all of it or nothing.
 *
 * @throws {StartError} if a newer version made the database, or a copy cannot be made.
 */
export async function migrateDatabase(
	client: Client,
	databaseUrl: string,
	nowMs: number,
	folder = migrationsFolder()
): Promise<Migration> {
	const last = await lastOf(client);
	refuseNewer(last, folder);
	const missing = readMigrationFiles({ migrationsFolder: folder }).filter(
		({ folderMillis }) => last === undefined || folderMillis > last
	);
	if (missing.length === 0) return { applied: 0, copy: undefined };
	const copy = last === undefined ? undefined : await copyBefore(client, databaseUrl, nowMs);
	try {
		await client.migrate(statementsAfter(last, missing));
	} catch (error) {
		// Another process may have done it meanwhile.
		if ((await lastOf(client)) !== missing.at(-1)?.folderMillis) throw error;
		return { applied: 0, copy };
	}
	return { applied: missing.length, copy };
}

/**
 * For whoever only looks at the database of a libSQL server, on which others run: changes nothing.
 *
 * @throws {StartError} if it is not as this version would have made it.
 */
export async function requireMigrated(client: Client): Promise<void> {
	const last = await lastOf(client);
	if (last === undefined) throw new StartError('there is no database yet: start the server first');
	if (refuseNewer(last).at(-1) === last) return;
	throw new StartError('an older version of Keyhold made this database: start the server first');
}

/** When the newest migration of this version was made. */
export function newestMigration(): number {
	return refuseNewer(undefined).at(-1) ?? 0;
}

/**
 * The migrations of this version.
 *
 * @throws {StartError} if `last`, which a database has, is none of them.
 */
export function refuseNewer(last: number | undefined, folder = migrationsFolder()): number[] {
	const known = readMigrationFiles({ migrationsFolder: folder }).map((file) => file.folderMillis);
	if (last === undefined || known.includes(last)) return known;
	throw new StartError('a newer version of Keyhold made this database: start that one');
}

/** The `drizzle` directory of the project. */
export function migrationsFolder(): string {
	return join(projectFolder(), 'drizzle');
}

/** The project's own directory, above this file, whether that is source or built. */
export function projectFolder(): string {
	let directory = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(directory, 'drizzle', 'meta', '_journal.json'))) {
		const parent = dirname(directory);
		if (parent === directory) throw new StartError('the directory drizzle/ is missing');
		directory = parent;
	}
	return directory;
}

/** When the newest migration of a database was made; `undefined` if it has none. */
export async function lastApplied(
	read: (sql: string) => Promise<readonly Readonly<Record<number, unknown>>[]>
): Promise<number | undefined> {
	const tables = await read(
		"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'"
	);
	if (tables.length === 0) return undefined;
	const [row] = await read('SELECT max(created_at) FROM __drizzle_migrations');
	const last = row?.[0];
	return last === null || last === undefined ? undefined : Number(last);
}

async function lastOf(client: Client): Promise<number | undefined> {
	return await lastApplied(async (sql) => (await client.execute(sql)).rows);
}

/** The table is drizzle's own, as its migrator makes it. */
function statementsAfter(
	last: number | undefined,
	missing: ReturnType<typeof readMigrationFiles>
): InStatement[] {
	return [
		`CREATE TABLE IF NOT EXISTS __drizzle_migrations (
			id SERIAL PRIMARY KEY,
			hash text NOT NULL,
			created_at numeric
		)`,
		// Refused by NOT NULL if that is not where the database stands.
		{
			sql: `INSERT INTO __drizzle_migrations (hash, created_at) SELECT NULL, 0
				WHERE (SELECT max(created_at) FROM __drizzle_migrations) IS NOT ?`,
			args: [last ?? null]
		},
		...missing.flatMap(({ sql, hash, folderMillis }) => [
			...sql,
			{
				sql: 'INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)',
				args: [hash, folderMillis]
			}
		])
	];
}

/** A libSQL server has backups of its own; a file has this one. */
async function copyBefore(
	client: Client,
	databaseUrl: string,
	nowMs: number
): Promise<string | undefined> {
	const path = databasePath(databaseUrl);
	if (path === undefined) return undefined;
	const copy = `${path}.before-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')}`;
	makePrivateFile(copy);
	try {
		await client.execute({ sql: 'VACUUM INTO ?', args: [copy] });
	} catch {
		throw new StartError(`cannot copy the database to ${copy} before it is changed`);
	}
	return copy;
}
