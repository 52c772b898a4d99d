import { routes } from '#lib/api/routes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { stopErasure } from '#lib/server/erasures.ts';
import { homeOfLink } from '#lib/server/homes.ts';

export const POST = openEndpoint(routes.erasureStop, async ({ server }, { token }) => {
	await stopErasure(homeOfLink(server, token), token);
	return undefined;
});
