import { routes } from '#lib/api/routes.ts';
import { homeOfAddress } from '#lib/server/addresses.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { mailRecovery } from '#lib/server/recoveries.ts';

export const POST = openEndpoint(routes.recoveryMail, async ({ server, network }, { email }) => {
	await mailRecovery(await homeOfAddress(server, email), network, email);
	return undefined;
});
