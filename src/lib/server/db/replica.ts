/**
 * A replica of the libSQL server, for the one read that is large: the list of a vault. It may trail
 * what was written, so whoever reads from it knows from the primary where the vault stands, and asks
 * the primary for all of it where the replica stands elsewhere. One that fails is left alone a while.
 */
import type { Client, InStatement } from '@libsql/client';
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import { within } from '#lib/server/db/queue.ts';
import { ReadingClient } from '#lib/server/db/reading-client.ts';

/** It is there to be quicker than the primary. */
export const REPLICA_DEADLINE_MS = 5_000;
const RESTS_MS = 10_000;

export class Replica {
	readonly #client: Client;
	readonly #orm: LibSQLDatabase;
	#restsUntilMs = 0;

	constructor(client: Client, deadlineMs = REPLICA_DEADLINE_MS) {
		this.#client = client;
		const read = (batch: InStatement[]) => within(client.batch(batch, 'read'), deadlineMs);
		this.#orm = drizzle(new ReadingClient(client, read));
	}

	/** Runs `queries` in one snapshot; `undefined` if it has none to give. */
	async snapshot<Q extends BatchItem<'sqlite'>, R extends Readonly<[Q, ...Q[]]>>(
		queries: R
	): Promise<BatchResponse<R> | undefined> {
		if (performance.now() < this.#restsUntilMs) return undefined;
		try {
			return await this.#orm.batch(queries);
		} catch {
			this.#restsUntilMs = performance.now() + RESTS_MS;
			return undefined;
		}
	}

	close(): void {
		this.#client.close();
	}
}
