/**
 * Labels: the ASCII text in front of everything that is hashed, derived or signed, so that no
 * bytes made for one use mean anything in another. Norm: docs/protocol.md, 1.
 */
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';

/** `keyhold/v1/` and `name`. */
export function label(name: string): Bytes {
	return utf8(`keyhold/v1/${name}`);
}
