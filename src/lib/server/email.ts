/** The email of a request in its one form. */
import { EncodingError } from '#lib/encoding/bytes.ts';
import { normaliseEmail } from '#lib/encoding/email.ts';
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
