import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { routes } from '#lib/api/routes.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { endTheOtherSessions, listSessions } from '#lib/server/sessions.ts';

export const GET = endpoint(routes.sessions, ({ server, session }) =>
	listSessions(server, session)
);

export const DELETE = endpoint(routes.endOtherSessions, async (member) => {
	const session = await requireProof(member, PROOF_PURPOSE.account);
	await endTheOtherSessions(member.server, session);
	return undefined;
});
