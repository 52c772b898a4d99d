import { routes } from '#lib/api/routes.ts';
import { confirm } from '#lib/server/confirmations.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { homeOfLink } from '#lib/server/homes.ts';

export const POST = openEndpoint(routes.confirm, async ({ server }, { token }) => {
	await confirm(homeOfLink(server, token), token);
	return undefined;
});
