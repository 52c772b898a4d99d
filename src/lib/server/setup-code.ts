/**
 * The set-up code: on a server that others can reach, whoever comes first must not be able to take
 * the place of its host. It is derived, not stored: the same at every start while there is no
 * account, and in the log each time.
 */
import { timingSafeEqual } from 'node:crypto';
import { utf8 } from '#lib/encoding/bytes.ts';
import { encode } from '#lib/encoding/crockford.ts';
import { accounts } from '#lib/server/db/schema.ts';
import { isLocal } from '#lib/server/env.ts';
import type { Server } from '#lib/server/server.ts';

/** Of 16 symbols, the most that fill whole bytes; 60 bits are beyond all guessing at the limits. */
const SYMBOLS = 12;
const MAC_BYTES = 10;

type Shared = Pick<Server, 'shards'>;

/** Of several databases that of the first, whichever the account will be in. */
export function setupCodeOf({ shards }: Shared): string {
	const mac = shards.at(0).keys.index('setup-code', new Uint8Array(0));
	return encode(mac.slice(0, MAC_BYTES)).slice(0, SYMBOLS);
}

export function isSetupCode(server: Shared, code: string | undefined): boolean {
	const given = utf8(code ?? '');
	const expected = utf8(setupCodeOf(server));
	return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Whether the next account needs it: the first one, on an origin that is not this machine's own. */
export async function needsSetupCode({
	env,
	shards
}: Pick<Server, 'env' | 'shards'>): Promise<boolean> {
	if (isLocal(env) || env.registration === 'closed') return false;
	const inhabited = await shards.having(async ({ database: { orm } }) => {
		const rows = await orm.select({ id: accounts.id }).from(accounts).limit(1);
		return rows.length > 0;
	});
	return inhabited === undefined;
}
