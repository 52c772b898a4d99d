/**
 * What a JSON Web Token (RFC 7519) says about itself. Read, never verified: it is for a form's
 * "expires" only.
 */
import { decode } from '#lib/encoding/base64url.ts';
import { fromUtf8 } from '#lib/encoding/bytes.ts';

/** Seconds of the last moment a date can hold. */
const LAST_SECONDS = 8_640_000_000_000;

/** When the token says that it expires, in milliseconds since 1970; undefined if it is none or does not. */
export function jwtExpiry(value: string): number | undefined {
	const payload = /^ey[\w-]+\.(ey[\w-]+)\.[\w-]*$/.exec(value.trim())?.[1];
	if (payload === undefined) return undefined;
	try {
		const claims: unknown = JSON.parse(fromUtf8(decode(payload)));
		if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return undefined;
		const { exp } = claims;
		if (typeof exp !== 'number' || !(exp > 0 && exp <= LAST_SECONDS)) return undefined;
		return Math.floor(exp * 1_000);
	} catch {
		return undefined;
	}
}
