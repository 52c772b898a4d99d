/**
 * Ids: 16 random bytes made by a client, as 22 characters of canonical base64url wherever they
 * are text. Both sides only ever compare them. Norm: docs/protocol.md, 1.
 */
import { decode, encode } from '#lib/encoding/base64url.ts';
import { EncodingError, type Bytes } from '#lib/encoding/bytes.ts';

export type Id = string;

export const ID_BYTES = 16;

/** The last character holds two bits only: canonical text ends in one of these four. */
const ID_TEXT = /^[A-Za-z0-9_-]{21}[AQgw]$/;

export function isId(text: string): boolean {
	return ID_TEXT.test(text);
}

/** @throws {EncodingError} if `id` is not the one text of 16 bytes. */
export function idBytes(id: Id): Bytes {
	if (!isId(id)) throw new EncodingError('not an id');
	return decode(id);
}

/** @throws {EncodingError} unless `bytes` are 16. */
export function idText(bytes: Uint8Array): Id {
	if (bytes.length !== ID_BYTES) throw new EncodingError('an id has 16 bytes');
	return encode(bytes);
}
