/** Random bytes. Passed in as a port wherever they are used, so that known answers can be tested. */
import type { Bytes } from '#lib/encoding/bytes.ts';

export type Random = (length: number) => Bytes;

/** From the system's generator; at most 65,536 at once, which is WebCrypto's limit. */
export const randomBytes: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
