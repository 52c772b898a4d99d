import { routes } from '#lib/api/routes.ts';
import { confirmEmailChange } from '#lib/server/email-changes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';

export const POST = openEndpoint(routes.confirmEmailChange, async ({ server }, { token }) => {
	await confirmEmailChange(server, token);
	return undefined;
});
