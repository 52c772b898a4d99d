/** Chains of manifests, as far as a server that cannot open them knows. Norm: docs/protocol.md, 7. */
import { createHash } from 'node:crypto';
import type { Bytes } from '#lib/encoding/bytes.ts';

/** `prev` of the first manifest. */
export const NO_HEAD: Bytes = new Uint8Array(32);

export function sha256(...parts: readonly Uint8Array[]): Bytes {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return new Uint8Array(hash.digest());
}

/** The head of a chain whose last wrapped manifest has this hash. */
export function headOf(prev: Bytes, manifestHash: Bytes): Bytes {
	return sha256(prev, manifestHash);
}
