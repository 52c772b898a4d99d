/**
 * The database as the server uses it: reads of one snapshot, and writes that are one batch each.
 *
 * Nothing holds a transaction open but {@link Database.writeInTurns}, one at a time. A write is a
 * list of statements that happen together or not at all, checked by the database itself (NOT NULL,
 * UNIQUE, CHECK), because what was read before may be old when the write comes to its turn.
 */
import { randomInt } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Client, InArgs, InStatement, ResultSet } from '@libsql/client';
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch';
import { sql } from 'drizzle-orm';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { isConstraint, isForAnotherTry, isOutdated, isUnsafe } from '#lib/server/db/faults.ts';
import { ServerError, StartError } from '#lib/server/errors.ts';
import { busy, ReadingClient } from '#lib/server/db/reading-client.ts';
import { WriteQueue, within, type Queued, type WriteOrder } from '#lib/server/db/queue.ts';
import { LONG_MS } from '#lib/server/db/remote.ts';
import { counters } from '#lib/server/db/schema.ts';

const RETRY_SECONDS = 5;
/** Of tries that were overtaken: each waits longer than the one before, up to this one. */
const LONGEST_WAITS = 16;

/** No counter has so short a key. */
const PROBE_KEY = new Uint8Array(1);

/** What drizzle's builders are before they run. */
export interface Ready {
	toSQL(): { sql: string; params: unknown[] };
}

/** Where a chain stands. */
export interface Head {
	readonly seq: number;
	readonly hash: Bytes;
}

/**
 * A batch whose turn has come: nothing is written by this process between what is read now and what
 * it writes. Of other processes see {@link Database.write}, which reads again.
 */
export interface Turn {
	readonly orm: LibSQLDatabase;
	/** Of chains that go on in this batch, by account: where they stand after what came before. */
	readonly heads: Map<string, Head>;
	/** What is done once all of the batch is written, and only then. */
	readonly afterwards: (() => void)[];
}

/** What cannot be written down before its turn, because it follows from what is there then. */
interface Late {
	/** The chain that it goes on with. */
	readonly chain: string;
	readonly late: (turn: Turn) => Promise<readonly Ready[]>;
}

export type Statement = Ready | Late;

/** `constraint`: the batch was refused whole by a rule of the schema, which it names. */
type WriteOutcome =
	| { readonly outcome: 'written'; readonly results: readonly ResultSet[] }
	| { readonly outcome: 'constraint'; readonly rule: string };

type Run = (batch: InStatement[]) => Promise<ResultSet[]>;

export class Database {
	/** Builds statements and runs single reads; it refuses to write. */
	readonly orm: LibSQLDatabase;
	/** Whether other processes write to it as well: it is on a libSQL server. */
	readonly shared: boolean;
	readonly #client: Client;
	readonly #order: WriteOrder;
	readonly #onUnsafe: (error: unknown) => void;
	readonly #connectAnew: (() => Promise<Client>) | undefined;
	#guard: InStatement | undefined;
	#unsafe = false;

	/**
	 * @param onUnsafe called once, after a fault that may lose later writes: the process must end.
	 * @param connectAnew another connection to the same database, for {@link writeInTurns}.
	 */
	constructor(
		client: Client,
		onUnsafe: (error: unknown) => void,
		order: WriteOrder = new WriteQueue(),
		connectAnew?: () => Promise<Client>
	) {
		this.shared = client.protocol !== 'file';
		this.#client = client;
		this.#order = order;
		this.#onUnsafe = onUnsafe;
		this.#connectAnew = connectAnew;
		const read = (batch: InStatement[]) => within(this.#run(batch, 'read'), order.deadlineMs);
		this.orm = drizzle(new ReadingClient(client, read));
	}

	/** From now on `guard` is in front of every write; see guard.ts. */
	guardWrites(guard: InStatement): void {
		this.#guard = guard;
	}

	/** Runs `queries` in one snapshot: no write comes between them. */
	async snapshot<Q extends BatchItem<'sqlite'>, R extends Readonly<[Q, ...Q[]]>>(
		queries: R
	): Promise<BatchResponse<R>> {
		return await this.orm.batch(queries);
	}

	/**
	 * Runs `statements` as one write transaction, after all writes asked for before; on a libSQL server,
	 * after those of its chains. The results are theirs, in their order, as far as none of them is a
	 * late one.
	 *
	 * @throws {ServerError} `busy` if the database cannot take it now. Nothing was written then, unless
	 * a libSQL server took too long to answer: then it may have been, or may still be.
	 */
	async write(statements: readonly Statement[]): Promise<WriteOutcome> {
		return await this.#written(statements, this.#order.deadlineMs, (batch) =>
			this.#run(batch, 'write')
		);
	}

	/**
	 * The same for a write of so many rows that nobody should wait for all of them at once: others have
	 * a turn after each statement. They read what was there before, and their writes wait. A libSQL
	 * server does it elsewhere, so there it is a write like any other, with more time.
	 */
	async writeInTurns(statements: readonly Statement[]): Promise<WriteOutcome> {
		const connect = this.#connectAnew;
		if (connect === undefined) return await this.write(statements);
		return await this.#written(statements, this.shared ? LONG_MS : Infinity, async (batch) => {
			const own = await connect();
			try {
				return this.shared
					? await this.#run(batch, 'write', own)
					: await this.#runInTurns(own, batch);
			} finally {
				own.close();
			}
		});
	}

	/** What waits to be written. */
	queued(): Queued {
		return this.#order.queued();
	}

	/** Whether a write goes through now: one row of no meaning is written. */
	async takesWrites(): Promise<boolean> {
		const row = { key: PROBE_KEY, count: 0, expiresAt: 0 };
		const set = { count: sql`${counters.count} + 1` };
		const probe = this.orm
			.insert(counters)
			.values(row)
			.onConflictDoUpdate({ target: counters.key, set });
		try {
			return (await this.write([probe])).outcome === 'written';
		} catch {
			return false;
		}
	}

	/** Takes no more reads or writes: going on could lose what is acknowledged. */
	giveUp(reason: unknown): void {
		if (this.#unsafe) return;
		this.#unsafe = true;
		this.#onUnsafe(reason);
	}

	/** Waits for the writes that were asked for, then closes the connection. */
	async close(): Promise<void> {
		await this.#order.close();
		this.#client.close();
	}

	async #written(statements: readonly Statement[], deadlineMs: number, run: Run) {
		return await outcomeOf((afterwards) =>
			this.#order.run(
				() => this.#goOn(statements, afterwards, performance.now() + deadlineMs, run),
				deadlineMs,
				statements.flatMap((statement) => ('late' in statement ? [statement.chain] : []))
			)
		);
	}

	/**
	 * Another process may have gone on with a chain between what was read of it here and what is
	 * written: nothing is written then, and it is read once more. So it is where it had to wait too long.
	 */
	async #goOn(
		statements: readonly Statement[],
		afterwards: Turn['afterwards'],
		endsAtMs: number,
		run: Run
	): Promise<ResultSet[]> {
		for (let tries = 1; ; tries++) {
			try {
				return await run(await this.#inTurn(statements, afterwards));
			} catch (error) {
				if (!this.shared || !isForAnotherTry(error) || performance.now() > endsAtMs) throw error;
			}
			afterwards.splice(0);
			// Not all at the same moment again.
			await wait(randomInt(1, 4 * Math.min(tries, LONGEST_WAITS) + 1));
		}
	}

	async #inTurn(
		statements: readonly Statement[],
		afterwards: Turn['afterwards']
	): Promise<InStatement[]> {
		const turn: Turn = { orm: this.orm, heads: new Map(), afterwards };
		const batch: InStatement[] = [];
		for (const statement of statements) {
			const ready = 'late' in statement ? await statement.late(turn) : [statement];
			batch.push(...ready.map(inStatement));
		}
		return batch;
	}

	async #run(
		batch: InStatement[],
		mode: 'read' | 'write',
		client = this.#client
	): Promise<ResultSet[]> {
		const guard = mode === 'write' && this.#guard !== undefined ? [this.#guard] : [];
		try {
			const [only] = batch;
			// Of a file one read is one state by itself.
			if (mode === 'read' && !this.shared && only !== undefined && batch.length === 1)
				return [await this.#safely(() => client.execute(only))];
			const results = await this.#safely(() => client.batch([...guard, ...batch], mode));
			return results.slice(guard.length);
		} catch (error) {
			if (!isOutdated(error)) throw error;
			this.giveUp(new StartError('another version of Keyhold, or another key, has taken over'));
			throw new ServerError('busy', 'this process is outdated', RETRY_SECONDS);
		}
	}

	/**
	 * A transaction that is held open while others have their turns. It has a connection of its own, so
	 * nobody reads in it, and the order sees to it that nobody else writes.
	 */
	async #runInTurns(own: Client, batch: InStatement[]): Promise<ResultSet[]> {
		return await this.#safely(async () => {
			const transaction = await own.transaction('write');
			try {
				const results: ResultSet[] = [];
				for (const statement of batch) {
					results.push(await transaction.execute(statement));
					await nextTurn();
				}
				this.#checkSafe();
				await transaction.commit();
				return results;
			} finally {
				// Undoes what was not committed.
				transaction.close();
			}
		});
	}

	async #safely<T>(work: () => Promise<T>): Promise<T> {
		this.#checkSafe();
		try {
			return await work();
		} catch (error) {
			if (!this.shared && isUnsafe(error)) this.giveUp(error);
			throw error;
		}
	}

	#checkSafe(): void {
		if (this.#unsafe) throw new ServerError('busy', 'the database is not safe', RETRY_SECONDS);
	}
}

function inStatement(statement: Ready): InStatement {
	const { sql, params } = statement.toSQL();
	return { sql, args: params as InArgs };
}

async function outcomeOf(
	write: (afterwards: Turn['afterwards']) => Promise<ResultSet[]>
): Promise<WriteOutcome> {
	try {
		const afterwards: Turn['afterwards'] = [];
		const results = await write(afterwards);
		for (const act of afterwards) act();
		return { outcome: 'written', results };
	} catch (error) {
		if (isConstraint(error) && !isForAnotherTry(error)) {
			return { outcome: 'constraint', rule: error.message };
		}
		throw error instanceof ServerError ? error : busy(error);
	}
}
