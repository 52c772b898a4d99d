import { routes } from '#lib/api/routes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { mailErasure } from '#lib/server/erasures.ts';

export const POST = openEndpoint(routes.erasureMail, async ({ server, network }, { email }) => {
	await mailErasure(server, network, email);
	return undefined;
});
