import { routes } from '#lib/api/routes.ts';
import { commitAccount } from '#lib/server/account-commits.ts';
import { endpoint } from '#lib/server/endpoint.ts';

export const POST = endpoint(routes.accountCommit, commitAccount);
