import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pad, padme, pagesOf, unpad } from '#lib/crypto/padding.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { equal } from '#lib/encoding/bytes.ts';

const PAGES = pagesOf(64);

function refusalOf(padded: Uint8Array<ArrayBuffer>) {
	return () => unpad(padded, PAGES);
}

describe('pad', () => {
	test.each([
		[0, 64],
		[60, 64],
		[61, 128],
		[124, 128],
		[125, 192]
	])('makes %d bytes %d', (length, size) => {
		expect(pad(new Uint8Array(length), PAGES)).toHaveLength(size);
	});

	test.each([['pages', PAGES] as const, ['padmé', padme] as const])(
		'is reversed by unpad, by %s',
		(_name, rule) => {
			fc.assert(
				fc.property(fc.uint8Array({ maxLength: 3_000, size: 'max' }), (plain) => {
					expect(equal(unpad(pad(plain, rule), rule), plain)).toBe(true);
				}),
				{ seed: 1, numRuns: 100 }
			);
		}
	);
});

describe('unpad', () => {
	const padded = pad(new Uint8Array(10).fill(1), PAGES);

	test.each(Array.from({ length: 50 }, (_, i) => 14 + i))('refuses byte %d of the pad', (index) => {
		const changed = padded.slice();
		changed[index] = 0x80;
		expect(refusalOf(changed)).toThrow(CryptoError);
	});

	test.each([0, 1, 3])('refuses %d bytes', (length) => {
		expect(refusalOf(new Uint8Array(length))).toThrow(CryptoError);
	});

	test('refuses a page too many', () => {
		const longer = new Uint8Array(128);
		longer.set(padded);
		expect(refusalOf(longer)).toThrow(CryptoError);
	});

	test.each([61, 64, 0xffff_ffff])('refuses a length of %d in a page', (length) => {
		const page = new Uint8Array(64);
		new DataView(page.buffer).setUint32(0, length);
		expect(refusalOf(page)).toThrow(CryptoError);
	});

	test('refuses a length beyond its end, whatever the rule says', () => {
		const page = new Uint8Array(64);
		new DataView(page.buffer).setUint32(0, 61);
		expect(() => unpad(page, () => 64)).toThrow(CryptoError);
	});

	test('reads a part of a larger array', () => {
		const larger = new Uint8Array(100);
		larger.set(padded, 20);
		expect(unpad(larger.subarray(20, 84), PAGES)).toEqual(new Uint8Array(10).fill(1));
	});
});

describe('padme', () => {
	test.each([
		[0, 0],
		[1, 1],
		[2, 2],
		[9, 10],
		[256, 256],
		[257, 272],
		[65_536, 65_536],
		[65_535, 65_536],
		[1_000_000, 1_015_808]
	])('makes %d bytes %d', (length, size) => {
		expect(padme(length)).toBe(size);
	});

	test('adds at most 12 percent, never shrinks, and gives the same for its own answer', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (length) => {
				const size = padme(length);
				expect(size).toBeGreaterThanOrEqual(length);
				expect(size).toBeLessThanOrEqual(length * 1.12);
				expect(padme(size)).toBe(size);
			}),
			{ seed: 1, numRuns: 1_000 }
		);
	});
});
