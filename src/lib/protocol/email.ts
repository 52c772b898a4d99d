/** The email as part of the password's salt. Norm: docs/protocol.md, 2. */
import * as encoding from '#lib/encoding/email.ts';
import { orFormat } from '#lib/protocol/errors.ts';

/**
 * The form of `typed` that is hashed. Only ever what the person typed: an address that a server
 * sends could be another one.
 *
 * @throws {ProtocolError} `format`
 */
export function normaliseEmail(typed: string): string {
	return orFormat(() => encoding.normaliseEmail(typed));
}
