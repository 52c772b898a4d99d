/** Fingerprints find the same value twice in a vault without opening a secret. Norm: docs/protocol.md, 6. */
import { hmacSha256 } from '#lib/crypto/hash.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { orFormat } from '#lib/protocol/errors.ts';

/**
 * 22 characters. Keyed by the vault, and only ever kept inside a sealed overview: in a column it
 * would tell the server which values are the same.
 */
export async function fingerprint(key: Bytes, value: string): Promise<string> {
	const mac = await hmacSha256(
		key,
		orFormat(() => utf8(value))
	);
	return encode(mac.subarray(0, 16));
}
