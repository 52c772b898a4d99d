/**
 * Whether the database's files are still the ones that were opened. A file that was deleted or
 * replaced under a running server takes writes as before, and every one of them is lost.
 */
import { statSync } from 'node:fs';
import { databasePath } from '#lib/server/db/client.ts';

/**
 * Remembers the files as they are now, after the database was read: then its log exists.
 *
 * @returns whether they are still there; always, for a libSQL server.
 */
export function watchFiles(databaseUrl: string): () => boolean {
	const path = databasePath(databaseUrl);
	if (path === undefined) return () => true;
	const opened = identities(path);
	return () => identities(path) === opened;
}

function identities(path: string): string {
	return `${identity(path)} ${identity(`${path}-wal`)}`;
}

function identity(path: string): string {
	try {
		const { dev, ino } = statSync(path, { bigint: true });
		return `${dev}:${ino}`;
	} catch {
		return 'gone';
	}
}
