/** What a mailed link carries. */
import { decode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

const TOKEN_BYTES = 32;

/**
 * The token in the fragment of a mailed link, which no server and no log sees; undefined if it holds
 * none.
 *
 * @param fragment as `location.hash`
 * @param name of the one before `=`, if there is one
 */
export function tokenIn(fragment: string, name?: string): Bytes | undefined {
	const start = name === undefined ? '#' : `#${name}=`;
	if (!fragment.startsWith(start)) return undefined;
	try {
		const token = decode(fragment.slice(start.length));
		return token.length === TOKEN_BYTES ? token : undefined;
	} catch {
		return undefined;
	}
}
