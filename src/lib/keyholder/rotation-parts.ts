/**
 * The parts that a rotation is sent ahead in, small enough for one request each. Norm:
 * docs/protocol.md, 10 and 11.
 */
import type { RotationPart } from '#lib/api/rotations.ts';
import type { Id } from '#lib/api/wire.ts';
import { recordJsonBytes } from '#lib/keyholder/commit-records.ts';

/**
 * Well below what a request may hold (16 MiB, 10,000 records): a part is what is sent again when a
 * connection breaks, and what the progress moves by.
 */
export const PART_BYTES = 4 * 1024 * 1024;
export const PART_RECORDS = 500;

type Sheet = RotationPart['sheets'][number];
type SealedAnew = RotationPart['secrets'][number];

/**
 * Divides the records of one vault, sheets first: so the secrets that were sent are counted up to
 * the very end.
 */
export function partsOf(
	vault: Id,
	sheets: readonly Sheet[],
	secrets: readonly SealedAnew[]
): RotationPart[] {
	return [
		...slicesOf(sheets).map((slice) => ({ vault, sheets: slice, secrets: [] })),
		...slicesOf(secrets).map((slice) => ({ vault, sheets: [], secrets: slice }))
	];
}

function slicesOf<Sealed extends Sheet | SealedAnew>(records: readonly Sealed[]): Sealed[][] {
	const slices: Sealed[][] = [];
	let slice: Sealed[] = [];
	let size = 0;
	for (const record of records) {
		const bytes = recordJsonBytes(record.blob);
		if (slice.length > 0 && (slice.length === PART_RECORDS || size + bytes > PART_BYTES)) {
			slices.push(slice);
			slice = [];
			size = 0;
		}
		slice.push(record);
		size += bytes;
	}
	return slice.length === 0 ? slices : [...slices, slice];
}
