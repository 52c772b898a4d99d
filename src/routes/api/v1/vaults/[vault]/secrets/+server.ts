import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { routes } from '#lib/api/routes.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { idIn } from '#lib/server/params.ts';
import { readSecrets } from '#lib/server/secrets.ts';

export const POST = endpoint(routes.secrets, async (member, request) => {
	if (request.purpose === 'export') await requireProof(member, PROOF_PURPOSE.export);
	const { server, claim, account, event } = member;
	return readSecrets(server, claim, account, idIn(event.params.vault), request);
});
