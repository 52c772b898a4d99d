/** Signing in, and unlocking inside a session: the two proofs that give a wrap. */
import type { VerifyReply, VerifyRequest } from '#lib/api/auth.ts';
import { prove } from '#lib/server/auth/prove.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import { LOGIN, UNLOCK, type Prover } from '#lib/server/auth/admission.ts';
import { record } from '#lib/server/audit.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';
import { openColumn } from '#lib/server/slots.ts';

/** The reply, and what the browser is to keep. */
interface Verified {
	readonly reply: VerifyReply;
	readonly cookies: readonly string[];
}

/**
 * @throws {ServerError} `auth` for every proof that is not good, whatever is wrong with it;
 * `second-factor` or `link` for a good one without its code or link; `limited`.
 */
export async function verify(
	server: Server,
	prover: Prover,
	request: VerifyRequest
): Promise<Verified> {
	const { client = 'web' } = request;
	const code = 'code' in request ? request.code : undefined;
	const link = 'link' in request ? request.link : undefined;
	const purposes = [LOGIN, UNLOCK];
	const proved = await prove(server, { ...prover, client, code, link }, request, { purposes });
	if (proved === undefined) throw new ServerError('auth', 'the proof is not good');
	const { slot, begun, cookies } = proved;
	const reply = { slot: slot.id, wrap: openColumn(server, slot, 'wrap', slot.wrap) };
	if (begun === undefined || client === 'web') return { reply, cookies };
	return { reply: { ...reply, session: begun.token }, cookies: [] };
}

/** Ends the session, if there is one. */
export async function signOut(server: Server, session: Session | undefined): Promise<void> {
	if (session === undefined) return;
	const { database, sessions } = server;
	const { outcome } = await database.write([
		sessions.end(session),
		...record(server, session.account, [{ event: 'sign-out' }])
	]);
	if (outcome !== 'written') throw new ServerError('failed', 'a sign-out was refused');
}
