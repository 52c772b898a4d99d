/**
 * Brings the database to the schema of this version, under the process lock: the migrator itself
 * has none. Before anything changes in a database that holds data, a copy is made beside it.
 */
import type { Client } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';
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
	const known = readMigrationFiles({ migrationsFolder: folder }).map((file) => file.folderMillis);
	const last = await lastApplied(client);
	if (last !== undefined && !known.includes(last)) {
		throw new StartError('a newer version of Keyhold made this database: start that one');
	}
	const applied = known.filter((made) => last === undefined || made > last).length;
	if (applied === 0) return { applied, copy: undefined };
	const copy = last === undefined ? undefined : await copyBefore(client, databaseUrl, nowMs);
	await migrate(drizzle(client), { migrationsFolder: folder });
	return { applied, copy };
}

/** The `drizzle` directory of the project, above this file, whether that is source or built. */
export function migrationsFolder(): string {
	let directory = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(directory, 'drizzle', 'meta', '_journal.json'))) {
		const parent = dirname(directory);
		if (parent === directory) throw new StartError('the directory drizzle/ is missing');
		directory = parent;
	}
	return join(directory, 'drizzle');
}

async function lastApplied(client: Client): Promise<number | undefined> {
	const table = await client.execute(
		"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'"
	);
	if (table.rows.length === 0) return undefined;
	const { rows } = await client.execute('SELECT max(created_at) FROM __drizzle_migrations');
	const last = rows[0]?.[0];
	return last === null || last === undefined ? undefined : Number(last);
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
