import { routes } from '#lib/api/routes.ts';
import { challenge } from '#lib/server/auth/challenge.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { homeOfChallenge } from '#lib/server/homes.ts';

export const POST = openEndpoint(routes.challenge, async ({ server, session, network }, request) =>
	challenge(await homeOfChallenge(server, request), session, network, request)
);
