/** Signing in, and unlocking inside a session: the two proofs that give a wrap. */
import type { VerifyReply, VerifyRequest } from '#lib/api/auth.ts';
import { LOGIN, prove, UNLOCK } from '#lib/server/auth/prove.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import { record } from '#lib/server/audit.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';
import { openColumn } from '#lib/server/slots.ts';

/** The reply, and the cookie of a new session. */
interface Verified {
	readonly reply: VerifyReply;
	readonly cookie?: string;
}

/**
 * @throws {ServerError} `auth` for every proof that is not good, whatever is wrong with it.
 */
export async function verify(
	server: Server,
	session: Session | undefined,
	network: string,
	request: VerifyRequest
): Promise<Verified> {
	const { client = 'web' } = request;
	const expected = { purposes: [LOGIN, UNLOCK], session, network, client } as const;
	const proved = await prove(server, request, expected);
	if (proved === undefined) throw new ServerError('auth', 'the proof is not good');
	const { slot, begun } = proved;
	const reply = { slot: slot.id, wrap: openColumn(server, slot, 'wrap', slot.wrap) };
	if (begun === undefined) return { reply };
	if (client === 'cli') return { reply: { ...reply, session: begun.token } };
	return { reply, cookie: begun.cookie };
}

/** Ends the session, if there is one. */
export async function signOut(server: Server, session: Session | undefined): Promise<void> {
	if (session === undefined) return;
	const { database, sessions, now } = server;
	const { outcome } = await database.write([
		sessions.end(session),
		...record(database, now(), session.account, [{ event: 'sign-out' }])
	]);
	if (outcome !== 'written') throw new ServerError('failed', 'a sign-out was refused');
}
