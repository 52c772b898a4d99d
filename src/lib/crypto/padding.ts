/**
 * Padding: `u32 length || plain || zeros`, so that the size of a sealed record tells little.
 *
 * A rule says the padded size of each length. Reading computes it again and refuses another one:
 * no record has two padded forms. Norm: docs/protocol.md, 7.
 */
import { CryptoError } from '#lib/crypto/errors.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

/** The padded size of `length` bytes, where `length` counts the four of the prefix. */
type PaddingRule = (length: number) => number;

const PREFIX_BYTES = 4;

/** `plain` padded to the size that `rule` gives. */
export function pad(plain: Bytes, rule: PaddingRule): Bytes {
	const padded = new Uint8Array(rule(PREFIX_BYTES + plain.length));
	new DataView(padded.buffer).setUint32(0, plain.length);
	padded.set(plain, PREFIX_BYTES);
	return padded;
}

/**
 * Reverses {@link pad}; the answer shares its memory with `padded`.
 *
 * @throws {CryptoError} `format` if the length does not fit, the size is not the rule's for that
 * length, or the pad is not zeros.
 */
export function unpad(padded: Bytes, rule: PaddingRule): Bytes {
	if (padded.length < PREFIX_BYTES) throw new CryptoError('format', 'padding is too short');
	const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
	const end = PREFIX_BYTES + length;
	if (end > padded.length || rule(end) !== padded.length) {
		throw new CryptoError('format', 'padded to another size');
	}
	let set = 0;
	for (let i = end; i < padded.length; i++) set |= padded[i] ?? 0;
	if (set !== 0) throw new CryptoError('format', 'padding is not zero');
	return padded.subarray(PREFIX_BYTES, end);
}

/** Up to whole pages of `size` bytes, at least one. */
export function pagesOf(size: number): PaddingRule {
	return (length) => Math.max(1, Math.ceil(length / size)) * size;
}

/**
 * Padmé: leaks O(log log length) bits and adds at most 12 percent (Nikitin and others, "Reducing
 * Metadata Leakage from Encrypted Files and Communication with PURBs", PETS 2019, figure 7).
 */
export function padme(length: number): number {
	const exponent = floorLog2(length);
	// Below 1 for small lengths, which are multiples of it already.
	const granule = 2 ** (exponent - (floorLog2(exponent) + 1));
	return Math.ceil(length / granule) * granule;
}

/** Exact for integers below 2^32, where a logarithm in floating point need not be; -1 for 0. */
function floorLog2(value: number): number {
	return 31 - Math.clz32(value);
}
