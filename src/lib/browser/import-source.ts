/** What is imported, before anything of it is read. */
import type { Bytes } from '#lib/encoding/bytes.ts';

export interface ImportSource {
	/** Empty for what was pasted. */
	readonly name: string;
	readonly blob: Blob;
}

/** How files of `age`, and plain exports, begin: those are restored. */
const OWN =
	/^\s*(?:age-encryption\.org\/v1\n|-----BEGIN AGE ENCRYPTED FILE-----)|^\{\s*"v":\s*\d+,\s*"madeAt":/;
const OWN_BYTES = 64;

/** Whether it is a backup of this program. */
export function isOwn(bytes: Bytes): boolean {
	return OWN.test(new TextDecoder('latin1').decode(bytes.subarray(0, OWN_BYTES)));
}
