/** What a visitor must know of this server before there is an account. */
import type { ServerInfo } from '#lib/api/accounts.ts';
import type { Server } from '#lib/server/server.ts';
import { needsSetupCode } from '#lib/server/setup-code.ts';

/** While the set-up code is asked for nothing else is: it stands for an invitation too. */
export async function serverInfo(server: Server): Promise<ServerInfo> {
	const setupCode = await needsSetupCode(server);
	const { smtp, registration } = server.env;
	return {
		mail: smtp !== undefined,
		registration: setupCode ? 'open' : registration,
		setupCode
	};
}
