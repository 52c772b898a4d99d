/**
 * Sessions: who sends this request. Lucia slides their expiry and makes their cookies; this file
 * and its adapter are all that knows Lucia, so it can be replaced.
 *
 * A browser's session lives in a cookie that no script can read and no other host can set; a
 * command line's travels in `Authorization: Bearer`. Neither is taken in the other's place.
 */
import { randomBytes } from 'node:crypto';
import { Lucia, TimeSpan } from 'lucia';
import { encode } from '#lib/encoding/base64url.ts';
import { idText, type Id } from '#lib/encoding/id.ts';
import { SessionAdapter, type SessionAttributes } from '#lib/server/auth/session-adapter.ts';
import type { Database } from '#lib/server/db/database.ts';

const COOKIE_NAME = '__Host-keyhold';
const IDLE_HOURS = 12;
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
			cookie: session.fresh && named.client === 'web' ? this.#cookie(named.token) : undefined
		};
	}

	/** Begins a session; `replaces` ends in the same write. */
	async begin(
		account: Id,
		client: 'web' | 'cli',
		replaces: Session | undefined
	): Promise<{ token: string; cookie: string }> {
		const token = encode(randomBytes(TOKEN_BYTES));
		const attributes = {
			handle: idText(randomBytes(HANDLE_BYTES)),
			client,
			createdAtMs: Date.now(),
			...(replaces === undefined ? {} : { replaces: replaces.token })
		};
		await this.#lucia.createSession(account, attributes, { sessionId: token });
		return { token, cookie: this.#cookie(token) };
	}

	/** Ends a session. */
	async end(session: Session): Promise<void> {
		await this.#lucia.invalidateSession(session.token);
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

	#cookie(token: string): string {
		return this.#lucia.createSessionCookie(token).serialize();
	}
}

function tokenIn(headers: Headers): { token: string; client: 'web' | 'cli' } | undefined {
	const authorization = headers.get('authorization');
	const client = authorization === null ? 'web' : 'cli';
	const token =
		authorization === null
			? cookieIn(headers.get('cookie') ?? '')
			: authorization.replace(/^Bearer /, '');
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
