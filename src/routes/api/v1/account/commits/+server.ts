import { routes } from '#lib/api/routes.ts';
import { commitAccount } from '#lib/server/account.ts';
import { endpoint } from '#lib/server/endpoint.ts';

export const POST = endpoint(routes.accountCommit, ({ server, claim, account }, request) =>
	commitAccount(server, claim, account, request)
);
