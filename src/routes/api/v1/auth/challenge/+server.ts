import { routes } from '#lib/api/routes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { challengeAtHome } from '#lib/server/homes.ts';

export const POST = openEndpoint(routes.challenge, async ({ server, session, network }, request) =>
	challengeAtHome(server, { session, network }, request)
);
