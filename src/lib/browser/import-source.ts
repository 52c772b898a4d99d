/** What is imported, before anything of it is read. */
import { FaultError } from '#lib/browser/fault.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

export interface ImportSource {
	/** Empty for what was pasted. */
	readonly name: string;
	readonly blob: Blob;
}

/** Larger ones are refused by their size, before they are read. */
const FILE_BYTES_MAX = 50 * 1024 * 1024;
/** How files of `age`, and plain exports, begin: those are restored. */
const OWN =
	/^\s*(?:age-encryption\.org\/v1\n|-----BEGIN AGE ENCRYPTED FILE-----)|^\{\s*"v":\s*\d+,\s*"madeAt":/;
const OWN_BYTES = 64;

/** @throws {FaultError} `import-too-large` */
export async function bytesIn({ blob }: ImportSource): Promise<Bytes> {
	if (blob.size > FILE_BYTES_MAX) throw new FaultError({ code: 'import-too-large' });
	return new Uint8Array(await blob.arrayBuffer());
}

/** Whether it is a backup of this program. */
export function isOwn(bytes: Bytes): boolean {
	return OWN.test(new TextDecoder('latin1').decode(bytes.subarray(0, OWN_BYTES)));
}
