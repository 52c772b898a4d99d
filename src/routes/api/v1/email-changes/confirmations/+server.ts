import { routes } from '#lib/api/routes.ts';
import { confirmEmailChange } from '#lib/server/email-changes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { homeOfLink } from '#lib/server/homes.ts';

export const POST = openEndpoint(routes.confirmEmailChange, async ({ server }, { token }) => {
	await confirmEmailChange(homeOfLink(server, token), token);
	return undefined;
});
