import { routes } from '#lib/api/routes.ts';
import { accountHead } from '#lib/server/account.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { seqsIn } from '#lib/server/params.ts';

export const GET = endpoint(routes.account, ({ server, claim, account, event }) =>
	accountHead(server, claim, account, seqsIn(event.url, ['after']).after)
);
