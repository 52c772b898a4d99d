import { routes } from '#lib/api/routes.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { idIn, seqsIn } from '#lib/server/params.ts';
import { vaultHead } from '#lib/server/vaults.ts';

export const GET = endpoint(routes.vault, ({ server, claim, account, event }) =>
	vaultHead(server, claim, account, idIn(event.params.vault), seqsIn(event.url, ['after', 'chain']))
);
