/**
 * Sessions: who sends this request. Lucia slides their expiry and makes their cookies; this file
 * and its adapter are all that knows Lucia, so it can be replaced.
 *
 * A browser's session lives in a cookie that no script can read and no other host can set; a
 * command line's travels in `Authorization: Bearer`. Neither is taken in the other's place.
 */
import { randomBytes } from 'node:crypto';
import type { SQL } from 'drizzle-orm';
import { Lucia, TimeSpan, type Session as LuciaSession } from 'lucia';
import type { ListedSession } from '#lib/api/sessions.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { idText, type Id } from '#lib/encoding/id.ts';
import {
	ABSOLUTE_LIFE_MS,
	LEAVING_MS,
	SessionAdapter,
	type SessionAttributes
} from '#lib/server/auth/session-adapter.ts';
import type { Database, Statement } from '#lib/server/db/database.ts';
import { randomFor, type Shard } from '#lib/server/db/shard.ts';
import type { Wrapper } from '#lib/server/wrap/wrapper.ts';

const COOKIE_NAME = '__Host-keyhold';
const IDLE_HOURS = 12;
const HOUR_MS = 3_600_000;
const TOKEN_BYTES = 32;
const HANDLE_BYTES = 16;
/** How old the time of the last use may be: noting each would be a write for every request. */
const USED_EVERY_MS = 300_000;
/** Of a session whose browser did not say what it is. */
const SOME_DEVICE = 'Browser';
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export interface Session {
	readonly account: Id;
	/** Public name of the session, which outlives its token. */
	readonly handle: Id;
	readonly client: 'web' | 'cli';
	readonly token: string;
	/** Set when the session was just renewed: the cookie that says so. */
	readonly cookie: string | undefined;
}

/** Whose session begins, and where. */
interface Beginning {
	readonly account: Id;
	readonly client: 'web' | 'cli';
	/** What the browser says it is. */
	readonly device: string;
}

/** A session that begins when its statements are written, together with what it begins for. */
export interface NewSession {
	readonly session: Session;
	readonly token: string;
	readonly cookie: string;
	readonly statements: readonly Statement[];
}

export class Sessions {
	readonly #adapter: SessionAdapter;
	readonly #lucia: Lucia<SessionAttributes>;
	readonly #shard: Shard | undefined;

	constructor(database: Database, wrapper: Wrapper, shard?: Shard) {
		this.#shard = shard;
		this.#adapter = new SessionAdapter(database, wrapper);
		this.#lucia = new Lucia<SessionAttributes>(this.#adapter, {
			sessionExpiresIn: new TimeSpan(IDLE_HOURS, 'h'),
			sessionCookie: {
				name: COOKIE_NAME,
				attributes: { secure: true, sameSite: 'strict', path: '/' }
			},
			getSessionAttributes: (attributes) => attributes
		});
	}

	/** The live session that a request's headers name, renewed if half of its idle time is over. */
	async find(headers: Headers): Promise<Session | undefined> {
		const named = tokenIn(headers);
		if (named === undefined) return undefined;
		const { session } = await this.#lucia.validateSession(named.token);
		if (session === null || session.client !== named.client) return undefined;
		await this.#note(session);
		return {
			account: session.userId,
			handle: session.handle,
			client: session.client,
			token: named.token,
			cookie: wasRenewed(session) ? this.#cookie(named.token) : undefined
		};
	}

	/** A new session for `account`; `replaces` ends in the same write. */
	begin(begun: Beginning, replaces: Session | undefined): NewSession {
		const session = this.#newSession(begun, idText(randomBytes(HANDLE_BYTES)));
		if (replaces === undefined) return session;
		return { ...session, statements: [this.end(replaces), ...session.statements] };
	}

	/** A new session in the place of `session`, which lives a moment longer. */
	renew(session: Session, device: string): NewSession {
		const { account, client, handle } = session;
		const begun = this.#newSession({ account, client, device }, handle);
		const leaving = this.#adapter.leaving(account, handle, client);
		return { ...begun, statements: [leaving, ...begun.statements] };
	}

	/** The sessions of an account that go on, the one used last first. */
	async list(account: Id): Promise<Omit<ListedSession, 'current'>[]> {
		const rows = await this.#adapter.list(account);
		return rows.map((row) => ({
			id: row.handle,
			client: row.client,
			device: this.#adapter.deviceIn(row) ?? SOME_DEVICE,
			createdAtMs: row.createdAt,
			usedAtMs: Math.max(row.usedAt, row.createdAt)
		}));
	}

	/** Whether `session` goes on, for a write to depend on. */
	stands(session: Session): SQL {
		return this.#adapter.stands(session.token);
	}

	/** The statement that ends a session. */
	end({ account, handle }: Pick<Session, 'account' | 'handle'>): Statement {
		return this.#adapter.deletionOf(account, handle);
	}

	/**
	 * The statement that ends all other sessions of the account, the one in whose place `session`
	 * came as well: whoever asks has the answer that brings the new one.
	 */
	endOthers(session: Session): Statement {
		return this.#adapter.deletionOfOthers(session.account, session.token);
	}

	/** Forgets sessions that ended. */
	async prune(): Promise<void> {
		await this.#lucia.deleteExpiredSessions();
	}

	/** The cookie that takes a session out of the browser. */
	blankCookie(): string {
		return this.#lucia.createBlankSessionCookie().serialize();
	}

	/** A request is not refused because the time of it could not be noted. */
	async #note({ id, usedAtMs }: LuciaSession): Promise<void> {
		const now = Date.now();
		if (now - usedAtMs < USED_EVERY_MS) return;
		await this.#adapter.touch(id, now).catch(() => undefined);
	}

	#newSession({ account, client, device }: Beginning, handle: Id): NewSession {
		const token = encode(randomFor(TOKEN_BYTES, this.#shard));
		const now = Date.now();
		const row = {
			id: token,
			userId: account,
			expiresAt: new Date(now + IDLE_HOURS * HOUR_MS),
			attributes: { handle, client, createdAtMs: now, usedAtMs: now }
		};
		const session = { account, handle, client, token, cookie: undefined };
		const cookie = this.#cookie(token);
		return { session, token, cookie, statements: this.#adapter.insertion(row, device) };
	}

	#cookie(token: string): string {
		return this.#lucia.createSessionCookie(token).serialize();
	}
}

/** One that is about to end for good has not been, and must not take its successor's place. */
function wasRenewed({ fresh, client, createdAtMs }: LuciaSession): boolean {
	const endsAtMs = createdAtMs + ABSOLUTE_LIFE_MS[client];
	return fresh && client === 'web' && endsAtMs - Date.now() > LEAVING_MS;
}

/** The token that a request's headers name a session by. */
export function tokenIn(headers: Headers): { token: string; client: 'web' | 'cli' } | undefined {
	const authorization = headers.get('authorization') ?? '';
	// Of another scheme it is a proxy's own: a browser repeats it with every request.
	const client = /^bearer\b/i.test(authorization) ? 'cli' : 'web';
	const token =
		client === 'web'
			? cookieIn(headers.get('cookie') ?? '')
			: authorization.replace(/^bearer +/i, '');
	return TOKEN.test(token) ? { token, client } : undefined;
}

/**
 * The session cookie, found by its name byte for byte. Browsers keep `__Host-` from other hosts by
 * that very name: a reader that decodes names, as Lucia's does, would take `__%48ost-` for it and
 * let a neighbouring host plant a session. Two of the name are none, and what else a header holds
 * is not ours to judge.
 */
function cookieIn(header: string): string {
	const prefix = `${COOKIE_NAME}=`;
	// Blanks only: `trim` would take a no-break space off, which a name may begin with.
	const cookies = header.split(';').map((cookie) => cookie.replace(/^ +/, ''));
	const [value = '', ...more] = cookies.filter((cookie) => cookie.startsWith(prefix));
	return more.length === 0 ? value.slice(prefix.length) : '';
}
