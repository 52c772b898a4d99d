/**
 * The connection to a libSQL server. Each request to it has a deadline of its own, after which its
 * connection is cut: a server whose primary, or whose network, is gone never answers.
 */
import { createClient, LibsqlError, type Client } from '@libsql/client';
import { isAway } from '#lib/server/db/faults.ts';
import { AwayError, StartError } from '#lib/server/errors.ts';

/** How long a request may take that nobody's answer waits for: a migration, a large rotation. */
export const LONG_MS = 60_000;
/** Requests at once; what is asked for is bounded by lanes.ts, and by the server's connections. */
const AT_ONCE = 4_096;
/** What `PRAGMA synchronous` says where each commit is synced to the disk. */
const FULL = 2;

export interface RemoteAddress {
	readonly url: string;
	readonly authToken: string | undefined;
}

export function connectRemote({ url, authToken }: RemoteAddress, deadlineMs: number): Client {
	const timed = async (request: Request) => {
		const timeout = AbortSignal.timeout(deadlineMs);
		const signal = AbortSignal.any([request.signal, timeout]);
		// Where an answer leads elsewhere, neither the token nor what is sealed goes there.
		return await fetch(request, { signal, redirect: 'error' });
	};
	return createClient({
		url,
		...(authToken === undefined ? {} : { authToken }),
		concurrency: AT_ONCE,
		fetch: timed
	});
}

/**
 * Whether the server keeps what it acknowledges, even if its machine loses power.
 *
 * @throws {AwayError} if it does not answer.
 * @throws {StartError} if it cannot be used, or does not hold rows together.
 */
export async function examineRemote(client: Client): Promise<boolean> {
	const ask = async (sql: string) => {
		try {
			return (await client.execute(sql)).rows[0]?.[0];
		} catch (error) {
			throw unusable(error);
		}
	};
	if ((await ask('PRAGMA foreign_keys')) !== 1) {
		throw new StartError('DATABASE_URL: this libSQL server has foreign keys off');
	}
	return Number(await ask('PRAGMA synchronous')) >= FULL;
}

/** A message of the client may quote the address, and with it a password. */
function unusable(error: unknown): StartError {
	const code = error instanceof LibsqlError ? ` (${error.code})` : '';
	if (isAway(error)) {
		return new AwayError(`DATABASE_URL: the libSQL server does not answer${code}: does it run?`);
	}
	return new StartError(
		`DATABASE_URL: the libSQL server cannot be used${code}: is the address right, is there such a database, and is DATABASE_AUTH_TOKEN right?`
	);
}
