/**
 * Where Lucia keeps its sessions. The table holds SHA-256 of the token; Lucia is given back the
 * clear token that it asked with, because it renews and deletes by the id that it was given.
 *
 * Lucia's sessions slide without an end; the absolute end is kept here.
 */
import { createHash } from 'node:crypto';
import { and, eq, lt, lte, sql } from 'drizzle-orm';
import type { Adapter, DatabaseSession, DatabaseUser, Lucia } from 'lucia';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Database, Statement } from '#lib/server/db/database.ts';
import { sessions } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';

const DAY_MS = 86_400_000;
/** How long a session can live, however much it is used. */
export const ABSOLUTE_LIFE_MS = { web: 7 * DAY_MS, cli: 30 * DAY_MS } as const;
/** How long a session lives on beside the one that took its place: for requests on their way. */
export const LEAVING_MS = 60_000;

export interface SessionAttributes {
	readonly handle: string;
	readonly client: 'web' | 'cli';
	readonly createdAtMs: number;
}

declare module 'lucia' {
	interface Register {
		Lucia: Lucia<SessionAttributes>;
		DatabaseSessionAttributes: SessionAttributes;
	}
}

export class SessionAdapter implements Adapter {
	readonly #database: Database;

	constructor(database: Database) {
		this.#database = database;
	}

	async getSessionAndUser(token: string): Promise<[DatabaseSession | null, DatabaseUser | null]> {
		const rows = await this.#database.orm
			.select()
			.from(sessions)
			.where(eq(sessions.tokenHash, hashOf(token)));
		const [row] = rows;
		if (row === undefined) return [null, null];
		return [sessionOf(row, token), { id: row.account, attributes: {} }];
	}

	/** The ids are handles: nobody but the owner of a session knows its token. */
	async getUserSessions(account: string): Promise<DatabaseSession[]> {
		const rows = await this.#database.orm
			.select()
			.from(sessions)
			.where(eq(sessions.account, account));
		return rows.map((row) => sessionOf(row, row.handle));
	}

	async setSession(session: DatabaseSession): Promise<void> {
		await this.#write([this.insertion(session)]);
	}

	/** The statement that stores a new session. */
	insertion({ id, userId, expiresAt, attributes }: DatabaseSession): Statement {
		const { handle, client, createdAtMs } = attributes;
		const row = {
			tokenHash: hashOf(id),
			handle,
			account: userId,
			client,
			createdAt: createdAtMs,
			expiresAt: expiresAt.getTime()
		};
		return this.#database.orm.insert(sessions).values(row);
	}

	async updateSessionExpiration(token: string, expiresAt: Date): Promise<void> {
		const life = sql`case ${sessions.client} when 'cli' then ${ABSOLUTE_LIFE_MS.cli} else ${ABSOLUTE_LIFE_MS.web} end`;
		const until = sql<number>`min(${expiresAt.getTime()}, ${sessions.createdAt} + ${life})`;
		await this.#write([
			this.#database.orm
				.update(sessions)
				.set({ expiresAt: until })
				.where(and(eq(sessions.tokenHash, hashOf(token)), lt(sessions.expiresAt, until)))
		]);
	}

	async deleteSession(token: string): Promise<void> {
		await this.#write([this.deletion(token)]);
	}

	async deleteUserSessions(account: string): Promise<void> {
		await this.#write([this.#database.orm.delete(sessions).where(eq(sessions.account, account))]);
	}

	async deleteExpiredSessions(): Promise<void> {
		await this.#write([
			this.#database.orm.delete(sessions).where(lte(sessions.expiresAt, Date.now()))
		]);
	}

	/** Ends the session of that handle; `false` if the account has none. */
	async deleteByHandle(account: string, handle: string): Promise<boolean> {
		const results = await this.#write([
			this.#database.orm
				.delete(sessions)
				.where(and(eq(sessions.account, account), eq(sessions.handle, handle)))
		]);
		return (results[0]?.rowsAffected ?? 0) > 0;
	}

	/** The statement that ends a session. */
	deletion(token: string): Statement {
		return this.#database.orm.delete(sessions).where(eq(sessions.tokenHash, hashOf(token)));
	}

	/**
	 * The statement that lets a session end in a moment: its absolute end moves there, past which
	 * nothing renews it.
	 */
	leaving(token: string, client: 'web' | 'cli'): Statement {
		const until = Date.now() + LEAVING_MS;
		return this.#database.orm
			.update(sessions)
			.set({
				createdAt: sql`min(${sessions.createdAt}, ${until - ABSOLUTE_LIFE_MS[client]})`,
				expiresAt: sql`min(${sessions.expiresAt}, ${until})`
			})
			.where(eq(sessions.tokenHash, hashOf(token)));
	}

	async #write(statements: readonly Statement[]) {
		const written = await this.#database.write(statements);
		if (written.outcome === 'written') return written.results;
		throw new ServerError('auth', 'the account of this session is gone');
	}
}

function hashOf(token: string): Bytes {
	return new Uint8Array(createHash('sha256').update(utf8(token)).digest());
}

function sessionOf(row: typeof sessions.$inferSelect, id: string): DatabaseSession {
	const { handle, client, createdAt, account } = row;
	const expiresAt = new Date(Math.min(row.expiresAt, createdAt + ABSOLUTE_LIFE_MS[client]));
	return { id, userId: account, expiresAt, attributes: { handle, client, createdAtMs: createdAt } };
}
