import { routes } from '#lib/api/routes.ts';
import { homeOfAddress } from '#lib/server/addresses.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { register } from '#lib/server/registrations.ts';

export const POST = openEndpoint(routes.register, async ({ server, network }, request) =>
	register(await homeOfAddress(server, request.email), network, request)
);
