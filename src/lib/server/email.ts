/** The email of a request in its one form. */
import { sql, type SQL } from 'drizzle-orm';
import { EncodingError, type Bytes } from '#lib/encoding/bytes.ts';
import { normaliseEmail } from '#lib/encoding/email.ts';
import { accounts } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';

/** @throws {ServerError} `malformed` if `typed` cannot be an address. */
export function readEmail(typed: string): string {
	try {
		return normaliseEmail(typed);
	} catch (error) {
		if (error instanceof EncodingError) throw new ServerError('malformed', error.message);
		throw error;
	}
}

/**
 * The id of the account whose address has this index or, if there is none, of the one that comes
 * next: a row is found and read in any case, and what is asked does not take longer for an address
 * that has an account. Whoever asks compares the index.
 */
export function nearestAccount(index: Bytes): SQL {
	const first = sql`select ${accounts.id} from ${accounts}`;
	const inOrder = sql`order by ${accounts.emailIndex} limit 1`;
	const from = sql`where ${accounts.emailIndex} >= ${sql.param(index, accounts.emailIndex)}`;
	return sql`coalesce((${first} ${from} ${inOrder}), (${first} ${inOrder}))`;
}
