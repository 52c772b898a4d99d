/** Where an account is signed in: what its owner sees of it, and ends. */
import type { SessionsReply } from '#lib/api/sessions.ts';
import type { Id } from '#lib/encoding/id.ts';
import { record } from '#lib/server/audit.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';

/** The sessions of the account, `session` first. */
export async function listSessions(
	{ sessions }: Server,
	{ account, handle }: Session
): Promise<SessionsReply> {
	const listed = await sessions.list(account);
	const marked = listed.map((each) => ({ ...each, current: each.id === handle }));
	return { sessions: marked.sort((a, b) => Number(b.current) - Number(a.current)) };
}

/**
 * Ends another session of the account.
 *
 * @throws {ServerError} `not-found` if there is none of that name; the own one ends by signing out.
 */
export async function endSession(
	server: Server,
	{ account, handle }: Session,
	ended: Id
): Promise<void> {
	const { database, sessions } = server;
	const others = (await sessions.list(account)).filter(({ id }) => id !== handle);
	if (!others.some(({ id }) => id === ended)) throw new ServerError('not-found', 'no such session');
	const { outcome } = await database.write([
		sessions.end({ account, handle: ended }),
		...record(server, account, [{ event: 'session.ended' }])
	]);
	if (outcome !== 'written') throw new ServerError('failed', 'an end of a session was refused');
}

/** Ends all sessions of the account but `session`. */
export async function endTheOtherSessions(server: Server, session: Session): Promise<void> {
	const { outcome } = await server.database.write(endOtherSessions(server, session));
	if (outcome !== 'written') throw new ServerError('failed', 'an end of sessions was refused');
}

/**
 * The statements that end all sessions of the account but `session`, which must be the one that the
 * request's proof began: they go into the batch of what they end for.
 */
export function endOtherSessions(server: Server, session: Session): Statement[] {
	return [
		server.sessions.endOthers(session),
		...record(server, session.account, [{ event: 'sessions.ended' }])
	];
}
