import { routes } from '#lib/api/routes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { challengeAtHome } from '#lib/server/homes.ts';

export const POST = openEndpoint(routes.challenge, async (caller, request) =>
	challengeAtHome(caller.server, caller, request)
);
