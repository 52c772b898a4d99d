import { routes } from '#lib/api/routes.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { idIn } from '#lib/server/params.ts';
import { commit } from '#lib/server/vaults.ts';

export const POST = endpoint(routes.vaultCommit, ({ server, claim, account, event }, request) =>
	commit(server, claim, account, idIn(event.params.vault), request)
);
