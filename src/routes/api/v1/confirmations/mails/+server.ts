import { routes } from '#lib/api/routes.ts';
import { homeOfAddress } from '#lib/server/addresses.ts';
import { mailConfirmation } from '#lib/server/confirmations.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';

export const POST = openEndpoint(
	routes.confirmationMail,
	async ({ server, network }, { email }) => {
		await mailConfirmation(await homeOfAddress(server, email), network, email);
		return undefined;
	}
);
