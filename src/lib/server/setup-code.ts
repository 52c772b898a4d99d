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

type Keys = Pick<Server, 'keys'>;

export function setupCodeOf({ keys }: Keys): string {
	const mac = keys.index('setup-code', new Uint8Array(0));
	return encode(mac.slice(0, MAC_BYTES)).slice(0, SYMBOLS);
}

export function isSetupCode(server: Keys, code: string | undefined): boolean {
	const given = utf8(code ?? '');
	const expected = utf8(setupCodeOf(server));
	return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Whether the next account needs it: the first one, on an origin that is not this machine's own. */
export async function needsSetupCode({
	env,
	database
}: Pick<Server, 'env' | 'database'>): Promise<boolean> {
	if (isLocal(env) || env.registration === 'closed') return false;
	const rows = await database.orm.select({ id: accounts.id }).from(accounts).limit(1);
	return rows.length === 0;
}
