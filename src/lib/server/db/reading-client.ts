/** Reading for the query builder: it never writes. */
import {
	LibsqlError,
	type Client,
	type InArgs,
	type InStatement,
	type ResultSet
} from '@libsql/client';
import { isAway } from '#lib/server/db/faults.ts';
import { ServerError, UnansweredError } from '#lib/server/errors.ts';

const RETRY_SECONDS = 5;

/** The client that drizzle gets: it reads, several statements in one snapshot, and never writes. */
export class ReadingClient implements Client {
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

/** The cause stays in the process: a database's message may quote what was written. */
export function busy(error: unknown): ServerError {
	const code = error instanceof LibsqlError ? error.code : 'unknown';
	const Kind = isAway(error) ? UnansweredError : ServerError;
	return new Kind('busy', `the database did not do it: ${code}`, RETRY_SECONDS);
}
