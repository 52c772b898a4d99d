/**
 * Where Lucia keeps its sessions. The table holds SHA-256 of the token; Lucia is given back the
 * clear token that it asked with, because it renews and deletes by the id that it was given.
 *
 * Lucia's sessions slide without an end; the absolute end is kept here.
 *
 * A session keeps its handle when a step-up gives it a new token, so that a list of devices stays
 * true. The row that leaves then is called `HANDLE/` and something random, and goes with its handle.
 */
import { createHash } from 'node:crypto';
import { and, asc, desc, eq, gt, lt, lte, ne, notInArray, sql, type SQL } from 'drizzle-orm';
import type { Adapter, DatabaseSession, DatabaseUser, Lucia } from 'lucia';
import { encode } from '#lib/encoding/base64url.ts';
import { fromUtf8, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Database, Statement } from '#lib/server/db/database.ts';
import { sessions } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { sessionPlace } from '#lib/server/places.ts';
import type { Wrapper } from '#lib/server/wrap/wrapper.ts';

const DAY_MS = 86_400_000;
/** How long a session can live, however much it is used. */
export const ABSOLUTE_LIFE_MS = { web: 7 * DAY_MS, cli: 30 * DAY_MS } as const;
/** How long a session lives on beside the one that took its place: for requests on their way. */
export const LEAVING_MS = 60_000;
/** Sessions of one account; one more ends the oldest. */
const MAX_SESSIONS = 100;
/** Characters of a handle, which is an id. */
const HANDLE_LENGTH = 22;

export interface SessionAttributes {
	readonly handle: Id;
	readonly client: 'web' | 'cli';
	readonly createdAtMs: number;
	/** Of a request, to within some minutes. */
	readonly usedAtMs: number;
}

declare module 'lucia' {
	interface Register {
		Lucia: Lucia<SessionAttributes>;
		DatabaseSessionAttributes: SessionAttributes;
	}
}

export type SessionRow = typeof sessions.$inferSelect;

export class SessionAdapter implements Adapter {
	readonly #database: Database;
	readonly #wrapper: Wrapper;

	constructor(database: Database, wrapper: Wrapper) {
		this.#database = database;
		this.#wrapper = wrapper;
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
		return (await this.list(account)).map((row) => sessionOf(row, row.handle));
	}

	/** The sessions of an account that go on, the one used last first. */
	async list(account: string): Promise<SessionRow[]> {
		const goesOn = sql`length(${sessions.handle}) = ${HANDLE_LENGTH}`;
		return await this.#database.orm
			.select()
			.from(sessions)
			.where(and(eq(sessions.account, account), goesOn, gt(sessions.expiresAt, Date.now())))
			.orderBy(desc(sessions.usedAt), asc(sessions.handle));
	}

	/** What the browser of a session said it is. */
	deviceIn({ tokenHash, device }: SessionRow): string | undefined {
		if (device === null) return undefined;
		return fromUtf8(this.#wrapper.unwrap(sessionPlace(encode(tokenHash)), device));
	}

	async setSession(session: DatabaseSession): Promise<void> {
		await this.#write(this.insertion(session, undefined));
	}

	/** The statements that store a new session, of the browser that `device` says. */
	insertion(
		{ id, userId, expiresAt, attributes }: DatabaseSession,
		device: string | undefined
	): Statement[] {
		const { handle, client, createdAtMs, usedAtMs } = attributes;
		const tokenHash = hashOf(id);
		const row = {
			tokenHash,
			handle,
			account: userId,
			client,
			device:
				device === undefined
					? null
					: this.#wrapper.wrap(sessionPlace(encode(tokenHash)), utf8(device)),
			usedAt: usedAtMs,
			createdAt: createdAtMs,
			expiresAt: expiresAt.getTime()
		};
		const { orm } = this.#database;
		const newest = orm
			.select({ tokenHash: sessions.tokenHash })
			.from(sessions)
			.where(eq(sessions.account, userId))
			.orderBy(desc(sessions.createdAt))
			.limit(MAX_SESSIONS - 1);
		const crowdedOut = and(eq(sessions.account, userId), notInArray(sessions.tokenHash, newest));
		return [orm.delete(sessions).where(crowdedOut), orm.insert(sessions).values(row)];
	}

	/** Notes that a session was used. */
	async touch(token: string, usedAtMs: number): Promise<void> {
		await this.#write([
			this.#database.orm
				.update(sessions)
				.set({ usedAt: usedAtMs })
				.where(eq(sessions.tokenHash, hashOf(token)))
		]);
	}

	/** Whether there is a session of that token, for a write to depend on. */
	stands(token: string): SQL {
		return sql`exists (select 1 from ${sessions} where ${sessions.tokenHash} = ${hashOf(token)})`;
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

	/** The statement that ends all sessions of the account but one. */
	deletionOfOthers(account: string, token: string): Statement {
		const others = and(eq(sessions.account, account), ne(sessions.tokenHash, hashOf(token)));
		return this.#database.orm.delete(sessions).where(others);
	}

	/** The statement that ends the session of that handle. */
	deletionOf(account: string, handle: Id): Statement {
		return this.#database.orm.delete(sessions).where(named(account, handle));
	}

	/** The statement that ends a session. */
	deletion(token: string): Statement {
		return this.#database.orm.delete(sessions).where(eq(sessions.tokenHash, hashOf(token)));
	}

	/**
	 * The statement that lets what has that handle end in a moment, and give the handle free: its
	 * absolute end moves there, past which nothing renews it.
	 */
	leaving(account: string, handle: Id, client: 'web' | 'cli'): Statement {
		const until = Date.now() + LEAVING_MS;
		return this.#database.orm
			.update(sessions)
			.set({
				handle: sql`${`${handle}/`} || hex(randomblob(8))`,
				createdAt: sql`min(${sessions.createdAt}, ${until - ABSOLUTE_LIFE_MS[client]})`,
				expiresAt: sql`min(${sessions.expiresAt}, ${until})`
			})
			.where(named(account, handle));
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

function sessionOf(row: SessionRow, id: string): DatabaseSession {
	const { client, createdAt, account, usedAt: usedAtMs } = row;
	const expiresAt = new Date(Math.min(row.expiresAt, createdAt + ABSOLUTE_LIFE_MS[client]));
	const handle = row.handle.slice(0, HANDLE_LENGTH);
	const attributes = { handle, client, createdAtMs: createdAt, usedAtMs };
	return { id, userId: account, expiresAt, attributes };
}

/** What goes by that handle, and what is about to leave it. */
function named(account: string, handle: Id): SQL | undefined {
	const of = sql`substr(${sessions.handle}, 1, ${HANDLE_LENGTH})`;
	return and(eq(sessions.account, account), eq(of, handle));
}
