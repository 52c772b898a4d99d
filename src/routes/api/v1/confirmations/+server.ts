import { routes } from '#lib/api/routes.ts';
import { confirm } from '#lib/server/confirmations.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';

export const POST = openEndpoint(routes.confirm, async ({ server }, { token }) => {
	await confirm(server, token);
	return undefined;
});
