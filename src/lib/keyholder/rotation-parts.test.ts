import { describe, expect, test } from 'vitest';
import { COMMIT_BODY_BYTES, SECRET_MAX_BYTES, SHEET_MAX_BYTES } from '#lib/api/limits.ts';
import { RotationPart } from '#lib/api/rotations.ts';
import { z } from '#lib/api/zod.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { recordJsonBytes } from '#lib/keyholder/commit-records.ts';
import { PART_BYTES, PART_RECORDS, partsOf } from '#lib/keyholder/rotation-parts.ts';

const VAULT = 'AAECAwQFBgcICQoLDA0ODw';

function id(index: number): string {
	const bytes = new Uint8Array(16);
	new DataView(bytes.buffer).setUint32(0, index);
	return encode(bytes);
}

function secrets(count: number, size = 285) {
	const blob = new Uint8Array(size);
	return Array.from({ length: count }, (_, index) => ({ item: id(index), blob }));
}

function sheets(count: number, size = 4_125) {
	const blob = new Uint8Array(size);
	return Array.from({ length: count }, (_, index) => ({ id: id(index), blob }));
}

describe('partsOf', () => {
	test('an empty vault has no part', () => {
		expect(partsOf(VAULT, [], [])).toEqual([]);
	});

	test('every record is in one part, in order, sheets first', () => {
		const [all, listed] = [secrets(1_203), sheets(19)];
		const parts = partsOf(VAULT, listed, all);
		expect(parts.flatMap((part) => part.secrets)).toEqual(all);
		expect(parts.flatMap((part) => part.sheets)).toEqual(listed);
		expect(parts[0]?.sheets).toHaveLength(19);
		expect(parts.every(({ vault }) => vault === VAULT)).toBe(true);
	});

	test('a part has as many records as the limit and not one more', () => {
		const counts = (count: number) =>
			partsOf(VAULT, [], secrets(count)).map((part) => part.secrets.length);
		expect(counts(PART_RECORDS)).toEqual([PART_RECORDS]);
		expect(counts(PART_RECORDS + 1)).toEqual([PART_RECORDS, 1]);
	});

	test('a part has as many bytes as the limit and not one more', () => {
		const own = recordJsonBytes(new Uint8Array(0));
		const [small] = secrets(1, 3_000);
		if (small === undefined) throw new Error('no secret');
		const counts = (size: number) =>
			partsOf(VAULT, [], [small, ...secrets(1, size)]).map((part) => part.secrets.length);
		// Three bytes are four characters.
		const fitting = ((PART_BYTES - 2 * own - 4_000) / 4) * 3;
		expect(counts(fitting)).toEqual([2]);
		expect(counts(fitting + 1)).toEqual([1, 1]);
	});

	test('no part is empty, not even before a record that is a part by itself', () => {
		const parts = partsOf(VAULT, sheets(1, PART_BYTES), secrets(1, PART_BYTES));
		expect(parts.map((part) => [part.sheets.length, part.secrets.length])).toEqual([
			[1, 0],
			[0, 1]
		]);
	});

	test('the largest records still make parts that the wire takes', () => {
		const parts = partsOf(VAULT, sheets(40, SHEET_MAX_BYTES), secrets(200, SECRET_MAX_BYTES));
		for (const part of parts) {
			const text = JSON.stringify(z.encode(RotationPart, part));
			expect(text.length).toBeLessThan(COMMIT_BODY_BYTES);
		}
		expect(parts.length).toBeGreaterThan(4);
	});
});
