import { routes } from '#lib/api/routes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { register } from '#lib/server/registrations.ts';

export const POST = openEndpoint(routes.register, ({ server, network }, request) =>
	register(server, network, request)
);
