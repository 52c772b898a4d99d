/**
 * The database as the server uses it: reads of one snapshot, and writes that are one batch each.
 *
 * Nothing here or elsewhere holds a transaction open. A write is a list of statements that happen
 * together or not at all, checked by the database itself (NOT NULL, UNIQUE, CHECK), because what
 * was read before may be old when the write comes to its turn.
 */
import {
	LibsqlError,
	type Client,
	type InArgs,
	type InStatement,
	type ResultSet
} from '@libsql/client';
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch';
import { sql } from 'drizzle-orm';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { ServerError } from '#lib/server/errors.ts';
import { WriteQueue, within, type Queued } from '#lib/server/db/queue.ts';
import { counters } from '#lib/server/db/schema.ts';

const RETRY_SECONDS = 5;

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

/** A batch whose turn has come: nothing is written between what is read now and what it writes. */
export interface Turn {
	readonly orm: LibSQLDatabase;
	/** Of chains that go on in this batch, by account: where they stand after what came before. */
	readonly heads: Map<string, Head>;
	/** What is done once all of the batch is written, and only then. */
	readonly afterwards: (() => void)[];
}

/** What cannot be written down before its turn, because it follows from what is there then. */
interface Late {
	readonly late: (turn: Turn) => Promise<readonly Ready[]>;
}

export type Statement = Ready | Late;

/** `constraint`: the batch was refused whole by a rule of the schema, which it names. */
type WriteOutcome =
	| { readonly outcome: 'written'; readonly results: readonly ResultSet[] }
	| { readonly outcome: 'constraint'; readonly rule: string };

export class Database {
	/** Builds statements and runs single reads; it refuses to write. */
	readonly orm: LibSQLDatabase;
	readonly #client: Client;
	readonly #queue: WriteQueue;
	readonly #onUnsafe: (error: unknown) => void;
	#unsafe = false;

	/** @param onUnsafe called once, after a fault that may lose later writes: the process must end. */
	constructor(client: Client, onUnsafe: (error: unknown) => void, queue = new WriteQueue()) {
		this.#client = client;
		this.#queue = queue;
		this.#onUnsafe = onUnsafe;
		const read = (batch: InStatement[]) => within(this.#run(batch, 'read'), queue.deadlineMs);
		this.orm = drizzle(new ReadingClient(client, read));
	}

	/** Runs `queries` in one snapshot: no write comes between them. */
	async snapshot<Q extends BatchItem<'sqlite'>, R extends Readonly<[Q, ...Q[]]>>(
		queries: R
	): Promise<BatchResponse<R>> {
		return await this.orm.batch(queries);
	}

	/**
	 * Runs `statements` as one write transaction, after all writes asked for before. The results are
	 * theirs, in their order, as far as none of them is a late one.
	 *
	 * @throws {ServerError} `busy` if the database cannot take it now. Nothing was written then, unless
	 * a libSQL server took too long to answer: then it may have been, or may still be.
	 */
	async write(statements: readonly Statement[]): Promise<WriteOutcome> {
		try {
			const afterwards: Turn['afterwards'] = [];
			const results = await this.#queue.run(async () =>
				this.#run(await this.#inTurn(statements, afterwards), 'write')
			);
			for (const act of afterwards) act();
			return { outcome: 'written', results };
		} catch (error) {
			if (isConstraint(error)) return { outcome: 'constraint', rule: error.message };
			throw error instanceof ServerError ? error : busy(error);
		}
	}

	/** What waits to be written. */
	queued(): Queued {
		return this.#queue.queued();
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
		await this.#queue.close();
		this.#client.close();
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

	async #run(batch: InStatement[], mode: 'read' | 'write'): Promise<ResultSet[]> {
		if (this.#unsafe) throw new ServerError('busy', 'the database is not safe', RETRY_SECONDS);
		try {
			return await this.#client.batch(batch, mode);
		} catch (error) {
			if (isUnsafe(error)) this.giveUp(error);
			throw error;
		}
	}
}

/** The client that drizzle gets: it reads, several statements in one snapshot, and never writes. */
class ReadingClient implements Client {
	readonly closed = false;
	readonly protocol: string;
	readonly #read: (batch: InStatement[]) => Promise<ResultSet[]>;

	constructor(client: Client, read: (batch: InStatement[]) => Promise<ResultSet[]>) {
		this.protocol = client.protocol;
		this.#read = read;
	}

	async execute(statement: InStatement, args?: InArgs): Promise<ResultSet> {
		const given = typeof statement === 'string' ? { sql: statement, args: args ?? [] } : statement;
		const [result] = await this.batch([given]);
		if (result === undefined) throw new ServerError('failed', 'a read without a result');
		return result;
	}

	async batch(statements: (InStatement | [string, InArgs?])[]): Promise<ResultSet[]> {
		const batch = statements.map((statement) =>
			Array.isArray(statement) ? { sql: statement[0], args: statement[1] ?? [] } : statement
		);
		// A read transaction on a file would write all the same.
		if (!batch.every(isRead)) return await refuse();
		try {
			return await this.#read(batch);
		} catch (error) {
			throw error instanceof ServerError ? error : busy(error);
		}
	}

	migrate(): Promise<never> {
		return refuse();
	}

	transaction(): Promise<never> {
		return refuse();
	}

	executeMultiple(): Promise<never> {
		return refuse();
	}

	sync(): Promise<never> {
		return refuse();
	}

	reconnect(): void {
		throw new ServerError('failed', 'only the server opens connections');
	}

	close(): void {
		throw new ServerError('failed', 'only the server closes the connection');
	}
}

function refuse(): Promise<never> {
	return Promise.reject(new ServerError('failed', 'writes go through Database.write'));
}

function isRead(statement: InStatement): boolean {
	const text = typeof statement === 'string' ? statement : statement.sql;
	return /^select\b/i.test(text);
}

function inStatement(statement: Ready): InStatement {
	const { sql, params } = statement.toSQL();
	return { sql, args: params as InArgs };
}

/** The cause stays in the process: a database's message may quote what was written. */
function busy(error: unknown): ServerError {
	const code = error instanceof LibsqlError ? error.code : 'unknown';
	return new ServerError('busy', `the database did not do it: ${code}`, RETRY_SECONDS);
}

function isConstraint(error: unknown): error is LibsqlError {
	return (
		error instanceof LibsqlError && /^SQLITE_CONSTRAINT/.test(error.extendedCode ?? error.code)
	);
}

/**
 * After one of these a connection can report writes as done and lose them: after a failed sync, for
 * one, a kernel may take pages for written that never reached the disk. `SQLITE_FULL` is none of
 * them: the write is undone, and the next one may fit.
 */
const UNSAFE = /^SQLITE_(BUSY|LOCKED|CORRUPT|NOTADB|MISUSE|IOERR|CANTOPEN|PROTOCOL)/;

function isUnsafe(error: unknown): boolean {
	return error instanceof LibsqlError && UNSAFE.test(error.code);
}
