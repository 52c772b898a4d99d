import { routes } from '#lib/api/routes.ts';
import { requireExportProof } from '#lib/server/auth/proof.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { idIn } from '#lib/server/params.ts';
import { readSecrets } from '#lib/server/secrets.ts';

export const POST = endpoint(routes.secrets, async (member, request) => {
	if (request.purpose === 'export') await requireExportProof(member);
	const { server, claim, account, event } = member;
	return readSecrets(server, claim, account, idIn(event.params.vault), request);
});
