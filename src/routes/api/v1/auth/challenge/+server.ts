import { routes } from '#lib/api/routes.ts';
import { challenge } from '#lib/server/auth/challenge.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';

export const POST = openEndpoint(routes.challenge, ({ server, session, network }, request) =>
	challenge(server, session, network, request)
);
