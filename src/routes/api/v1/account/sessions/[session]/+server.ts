import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { routes } from '#lib/api/routes.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { idIn } from '#lib/server/params.ts';
import { endSession } from '#lib/server/sessions.ts';

export const DELETE = endpoint(routes.endSession, async (member) => {
	const session = await requireProof(member, PROOF_PURPOSE.account);
	await endSession(member.server, session, idIn(member.event.params.session));
	return undefined;
});
