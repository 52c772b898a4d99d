/** SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). */
import { concat, type Bytes } from '#lib/encoding/bytes.ts';

/** 32 bytes: the hash of all `parts` one after another. */
export async function sha256(...parts: readonly Bytes[]): Promise<Bytes> {
	const [first] = parts;
	const message = first !== undefined && parts.length === 1 ? first : concat(...parts);
	return new Uint8Array(await crypto.subtle.digest('SHA-256', message));
}

/** 32 bytes. */
export async function hmacSha256(key: Bytes, message: Bytes): Promise<Bytes> {
	const algorithm = { name: 'HMAC', hash: 'SHA-256' };
	const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
	return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message));
}
