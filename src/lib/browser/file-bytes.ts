/** A file that a person chose, as bytes. */
import { FaultError } from '#lib/browser/fault.ts';
import { backupKindOf } from '#lib/browser/import-source.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

/** Larger ones are refused by their size, before they are read; whoever reads them refuses them too. */
const FILE_BYTES_MAX = 50 * 1024 * 1024;

/** @throws {FaultError} `code` if it is larger than 50 MiB */
export async function bytesOf(
	file: Blob,
	code: 'file-too-large' | 'import-too-large'
): Promise<Bytes> {
	if (file.size > FILE_BYTES_MAX) throw new FaultError({ code });
	return new Uint8Array(await file.arrayBuffer());
}

/** Which of Keyhold's own files it is; undefined for any other, and for one that cannot be read. */
export async function backupKindIn(file: Blob): Promise<ReturnType<typeof backupKindOf>> {
	try {
		return backupKindOf(await bytesOf(file, 'file-too-large'));
	} catch {
		// Whoever opens it says what is the matter.
		return undefined;
	}
}
