/** One call of a page without an account, in a file that is loaded when it is made. */
import { Client, type Call, type Fetch } from '#lib/api/client.ts';
import { routes } from '#lib/api/routes.ts';
import type { z } from '#lib/api/zod.ts';
import { FaultError } from '#lib/browser/fault.ts';
import { KeyholderError, keyholderError } from '#lib/keyholder/errors.ts';

export type PublicRoute = keyof typeof routes;
export type PublicCall<Name extends PublicRoute> = Call<(typeof routes)[Name]>;
export type PublicReply<Name extends PublicRoute> = z.output<(typeof routes)[Name]['reply']>;

/** @throws {FaultError} and nothing else. */
export async function publicCall<Name extends PublicRoute>(
	origin: string,
	fetch: Fetch,
	name: Name,
	call: PublicCall<Name>
): Promise<PublicReply<Name>> {
	return await orFault(() => new Client(origin, fetch).call(routes[name], call));
}

/**
 * What the server's clock says, in milliseconds since 1970.
 *
 * @throws {FaultError} and nothing else.
 */
export async function serverTime(origin: string, fetch: Fetch): Promise<number> {
	return await orFault(() => new Client(origin, fetch).time());
}

async function orFault<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
	try {
		return await ask();
	} catch (error) {
		const found = keyholderError(error);
		if (!(found instanceof KeyholderError)) throw new FaultError({ code: 'unexpected' });
		throw new FaultError({ code: found.code, detail: found.detail });
	}
}
