import { routes } from '#lib/api/routes.ts';
import { signOut } from '#lib/server/auth/verify.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';

export const DELETE = openEndpoint(routes.signOut, async (caller) => {
	const { server, session, away, headers } = caller;
	// It goes on: whoever has the cookie too must not be thought to be out.
	if (away !== undefined) throw away;
	await signOut(server, session);
	headers.set('set-cookie', server.sessions.blankCookie());
	// Never "storage": what a device has verified before lives there.
	headers.set('clear-site-data', '"cache"');
	return undefined;
});
