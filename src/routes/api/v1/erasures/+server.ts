import { routes } from '#lib/api/routes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { beginErasure } from '#lib/server/erasures.ts';
import { homeOfLink } from '#lib/server/homes.ts';

export const POST = openEndpoint(routes.erasure, ({ server }, { token }) =>
	beginErasure(homeOfLink(server, token), token)
);
