import { routes } from '#lib/api/routes.ts';
import { homeOfAddress } from '#lib/server/addresses.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { mailErasure } from '#lib/server/erasures.ts';

export const POST = openEndpoint(routes.erasureMail, async ({ server, network }, { email }) => {
	await mailErasure(await homeOfAddress(server, email), network, email);
	return undefined;
});
