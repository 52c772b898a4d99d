import { routes } from '#lib/api/routes.ts';
import { verify } from '#lib/server/auth/verify.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';

export const POST = openEndpoint(routes.verify, async (caller, request) => {
	const { reply, cookie } = await verify(caller.server, caller.session, caller.network, request);
	if (cookie !== undefined) caller.headers.set('set-cookie', cookie);
	return reply;
});
