/**
 * Sessions: who sends this request. Lucia slides their expiry and makes their cookies; this file
 * and its adapter are all that knows Lucia, so it can be replaced.
 *
 * A browser's session lives in a cookie that no script can read and no other host can set; a
 * command line's travels in `Authorization: Bearer`. Neither is taken in the other's place.
 */
import { randomBytes } from 'node:crypto';
import { Lucia, TimeSpan, type Session as LuciaSession } from 'lucia';
import { encode } from '#lib/encoding/base64url.ts';
import { idText, type Id } from '#lib/encoding/id.ts';
import {
	ABSOLUTE_LIFE_MS,
	LEAVING_MS,
	SessionAdapter,
	type SessionAttributes
} from '#lib/server/auth/session-adapter.ts';
import type { Database, Statement } from '#lib/server/db/database.ts';

const COOKIE_NAME = '__Host-keyhold';
const IDLE_HOURS = 12;
const HOUR_MS = 3_600_000;
const TOKEN_BYTES = 32;
const HANDLE_BYTES = 16;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export interface Session {
	readonly account: Id;
	/** Public name of the session. */
	readonly handle: string;
	readonly client: 'web' | 'cli';
	readonly token: string;
	/** Set when the session was just renewed: the cookie that says so. */
	readonly cookie: string | undefined;
}

/** A session that begins when its statements are written, together with what it begins for. */
export interface NewSession {
	readonly token: string;
	readonly cookie: string;
	readonly statements: readonly Statement[];
}

export class Sessions {
	readonly #adapter: SessionAdapter;
	readonly #lucia: Lucia<SessionAttributes>;

	constructor(database: Database) {
		this.#adapter = new SessionAdapter(database);
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
		return {
			account: session.userId,
			handle: session.handle,
			client: session.client,
			token: named.token,
			cookie: wasRenewed(session) ? this.#cookie(named.token) : undefined
		};
	}

	/** A new session for `account`; `replaces` ends in the same write. */
	begin(account: Id, client: 'web' | 'cli', replaces: Session | undefined): NewSession {
		const begun = this.#newSession(account, client);
		if (replaces === undefined) return begun;
		return { ...begun, statements: [this.#adapter.deletion(replaces.token), ...begun.statements] };
	}

	/** A new session in the place of `session`, which lives a moment longer. */
	renew(session: Session): NewSession {
		const begun = this.#newSession(session.account, session.client);
		const leaving = this.#adapter.leaving(session.token, session.client);
		return { ...begun, statements: [leaving, ...begun.statements] };
	}

	/** The statement that ends a session. */
	end(session: Session): Statement {
		return this.#adapter.deletion(session.token);
	}

	/** Ends the session of that handle, from another one; `false` if the account has none. */
	async revoke(account: Id, handle: string): Promise<boolean> {
		return await this.#adapter.deleteByHandle(account, handle);
	}

	/** Forgets sessions that ended. */
	async prune(): Promise<void> {
		await this.#lucia.deleteExpiredSessions();
	}

	/** The cookie that takes a session out of the browser. */
	blankCookie(): string {
		return this.#lucia.createBlankSessionCookie().serialize();
	}

	#newSession(account: Id, client: 'web' | 'cli'): NewSession {
		const token = encode(randomBytes(TOKEN_BYTES));
		const now = Date.now();
		const statement = this.#adapter.insertion({
			id: token,
			userId: account,
			expiresAt: new Date(now + IDLE_HOURS * HOUR_MS),
			attributes: { handle: idText(randomBytes(HANDLE_BYTES)), client, createdAtMs: now }
		});
		return { token, cookie: this.#cookie(token), statements: [statement] };
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

function tokenIn(headers: Headers): { token: string; client: 'web' | 'cli' } | undefined {
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
