/** Where an account is signed in: what its owner sees of it, and ends. */
import { record } from '#lib/server/audit.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import type { Statement } from '#lib/server/db/database.ts';
import type { Server } from '#lib/server/server.ts';

/**
 * The statements that end all sessions of the account but `session`, which must be the one that the
 * request's proof began: they go into the batch of what they end for.
 */
export function endOtherSessions(
	{ database, sessions, now }: Server,
	session: Session
): Statement[] {
	return [
		sessions.endOthers(session),
		...record(database, now(), session.account, [{ event: 'sessions.ended' }])
	];
}
