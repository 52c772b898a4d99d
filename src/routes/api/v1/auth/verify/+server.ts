import { routes } from '#lib/api/routes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { verifyAtHome } from '#lib/server/homes.ts';

export const POST = openEndpoint(routes.verify, async (caller, request) => {
	const { server, session, away, network, event, headers } = caller;
	const prover = { session, away, network, headers: event.request.headers };
	const { reply, cookies } = await verifyAtHome(server, prover, request);
	if (cookies.length > 0) headers.delete('set-cookie');
	for (const cookie of cookies) headers.append('set-cookie', cookie);
	return reply;
});
