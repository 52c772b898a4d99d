import { routes } from '#lib/api/routes.ts';
import { mailConfirmation } from '#lib/server/confirmations.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';

export const POST = openEndpoint(
	routes.confirmationMail,
	async ({ server, network }, { email }) => {
		await mailConfirmation(server, network, email);
		return undefined;
	}
);
