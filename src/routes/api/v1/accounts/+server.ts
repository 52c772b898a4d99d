import { routes } from '#lib/api/routes.ts';
import { register } from '#lib/server/accounts.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';

export const POST = openEndpoint(routes.register, ({ server, network }, request) =>
	register(server, network, request)
);
