/** The built server, which asks nobody to wait: limits have tests of their own. */
import { UNLIMITED } from '../tests/build/traveller.ts';
import { startServer, type ServerProcess } from '../tests/server-process.ts';

export async function wideServer(
	variables: Readonly<Record<string, string>> = {},
	folder?: string
): Promise<ServerProcess> {
	return await startServer({ ...UNLIMITED, ...variables }, folder);
}
