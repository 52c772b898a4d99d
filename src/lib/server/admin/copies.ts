/**
 * Copies of the database file for a backup: whole at one moment, made while the server goes on. SQLite
 * makes them, because the file alone may lack what is still in the write-ahead log beside it.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hex } from '#lib/encoding/bytes.ts';
import type { EventOf } from '#lib/server/admin/messages.ts';
import { runAside } from '#lib/server/db/aside.ts';
import { databasePath, makePrivateFile } from '#lib/server/db/client.ts';
import type { Env } from '#lib/server/env.ts';
import { StartError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';

const NAME_BYTES = 16;
/** SQLite puts its journal beside it. */
const NAME = /^copy-[0-9a-f]{32}\.db/;

/**
 * A copy that is there until the caller asks for the next event, or for none any more.
 *
 * @throws {StartError}
 */
export async function* copyDatabase({ env }: Server): AsyncGenerator<EventOf<'copy'>> {
	const path = databasePath(env.databaseUrl);
	if (path === undefined) {
		throw new StartError('the database is on a libSQL server, which has backups of its own');
	}
	const copy = join(resolve(env.dataDir), `copy-${hex(randomBytes(NAME_BYTES))}.db`);
	try {
		await makeCopy(path, copy);
		yield { event: 'copy', path: copy, bytes: statSync(copy).size };
	} finally {
		remove(copy);
	}
}

/** Removes what a process that was killed left behind. Nobody else makes copies: the lock is held. */
export function forgetCopies({ dataDir }: Env): void {
	for (const name of namesIn(dataDir)) if (NAME.test(name)) remove(join(dataDir, name));
}

async function makeCopy(path: string, copy: string): Promise<void> {
	// Private from its first byte on; SQLite takes an empty file for none.
	makePrivateFile(copy);
	try {
		await runAside(path, 'VACUUM INTO ?', [copy]);
	} catch (error) {
		throw new StartError(`the database cannot be copied to ${copy}: ${kindOf(error)}`);
	}
	const [row] = await runAside(copy, 'PRAGMA integrity_check');
	if (row?.[0] !== 'ok') throw new StartError('the copy is damaged, so the database is: run check');
}

/** A driver's message may quote what was written. */
function kindOf(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	return typeof code === 'string' ? code : 'unknown';
}

function remove(copy: string): void {
	rmSync(copy, { force: true });
	rmSync(`${copy}-journal`, { force: true });
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
