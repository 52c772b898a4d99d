/** Opens what the environment names: a file or a database on a libSQL server, and its replica. */
import type { Client } from '@libsql/client';
import { connect, databasePath } from '#lib/server/db/client.ts';
import { Database } from '#lib/server/db/database.ts';
import { WriteLanes } from '#lib/server/db/lanes.ts';
import { migrateDatabase, requireMigrated } from '#lib/server/db/migrate.ts';
import { connectRemote, examineRemote, LONG_MS } from '#lib/server/db/remote.ts';
import { Replica, REPLICA_DEADLINE_MS } from '#lib/server/db/replica.ts';
import type { Env } from '#lib/server/env.ts';
import type { Log } from '#lib/server/log.ts';

interface Opening {
	readonly log: Log;
	readonly now: () => number;
	readonly asGuest?: true;
	readonly deadlineMs?: number;
}

/** Migrated. @throws {StartError} with the one sentence that says what is wrong. */
export async function openDatabase(
	env: Env,
	opening: Opening,
	onUnsafe: (error: unknown) => void
): Promise<Database> {
	const path = databasePath(env.databaseUrl);
	if (path === undefined) return await openRemote(env, opening, onUnsafe);
	const client = await connect(path);
	try {
		await migrateAndSay(client, env, opening);
	} catch (error) {
		client.close();
		throw error;
	}
	return new Database(client, onUnsafe, undefined, () => connect(path));
}

/** It need not answer now, or ever. */
export function openReplica({ databaseReadUrl, databaseAuthToken }: Env): Replica | undefined {
	if (databaseReadUrl === undefined) return undefined;
	const address = { url: databaseReadUrl, authToken: databaseAuthToken };
	return new Replica(connectRemote(address, REPLICA_DEADLINE_MS));
}

async function openRemote(
	env: Env,
	opening: Opening,
	onUnsafe: (error: unknown) => void
): Promise<Database> {
	const address = { url: env.databaseUrl, authToken: env.databaseAuthToken };
	const patient = connectRemote(address, LONG_MS);
	try {
		if (!(await examineRemote(patient))) {
			opening.log.write('warn', 'the libSQL server does not sync each write to its disk');
		}
		if (opening.asGuest === true) await requireMigrated(patient);
		else await migrateAndSay(patient, env, opening);
	} finally {
		patient.close();
	}
	const lanes = new WriteLanes(opening.deadlineMs);
	const client = connectRemote(address, lanes.deadlineMs);
	const anew = () => Promise.resolve(connectRemote(address, LONG_MS));
	return new Database(client, onUnsafe, lanes, anew);
}

async function migrateAndSay(client: Client, env: Env, { log, now }: Opening): Promise<void> {
	const { applied, copy } = await migrateDatabase(client, env.databaseUrl, now());
	if (applied === 0) return;
	log.write('info', 'migrated', { applied, ...(copy === undefined ? {} : { copy }) });
}
