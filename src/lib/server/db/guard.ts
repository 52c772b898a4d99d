/**
 * Of several processes on one libSQL server all must be of one version and encrypt with one key. A
 * process cannot know what another has done since it started, so the database sees to it: in front
 * of every write stands a statement that does nothing, and is refused once a newer version has
 * migrated the database or a newer key encrypts. No process writes into a schema that it does not
 * know, and none with a key that "rotate-keys" is about to call removable.
 */
import type { InStatement } from '@libsql/client';

/** @param newest the key and the migration that this process started with. */
export function guardOf(newest: { key: string; migration: number }): InStatement {
	return {
		sql: `INSERT INTO encryption_keys (name, place, since, proof)
			SELECT '', NULL, 0, x'' WHERE
				(SELECT name FROM encryption_keys ORDER BY place DESC LIMIT 1) IS NOT ?
				OR (SELECT max(created_at) FROM __drizzle_migrations) IS NOT ?`,
		args: [newest.key, newest.migration]
	};
}
