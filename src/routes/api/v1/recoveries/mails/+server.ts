import { routes } from '#lib/api/routes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { mailRecovery } from '#lib/server/recoveries.ts';

export const POST = openEndpoint(routes.recoveryMail, async ({ server, network }, { email }) => {
	await mailRecovery(server, network, email);
	return undefined;
});
