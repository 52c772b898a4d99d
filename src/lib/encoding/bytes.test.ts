import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	compare,
	concat,
	EncodingError,
	equal,
	fromHex,
	fromUtf8,
	hex,
	isWellFormed,
	utf8
} from '#lib/encoding/bytes.ts';

const RUNS = { seed: 1, numRuns: 200 };

describe('concat', () => {
	test('joins in order', () => {
		expect(concat(Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3))).toEqual(
			Uint8Array.of(1, 2, 3)
		);
	});

	test('of nothing is empty', () => {
		expect(concat()).toHaveLength(0);
	});
});

describe('equal', () => {
	test('holds for copies and for no other bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
				expect(equal(a, a.slice())).toBe(true);
				expect(equal(a, b)).toBe(hex(a) === hex(b));
			}),
			RUNS
		);
	});

	test('does not hold for a prefix', () => {
		expect(equal(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
	});
});

describe('compare', () => {
	test('orders as hexadecimal text does', () => {
		fc.assert(
			fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
				const [x, y] = [hex(a), hex(b)];
				expect(Math.sign(compare(a, b))).toBe(x < y ? -1 : x > y ? 1 : 0);
			}),
			RUNS
		);
	});
});

describe('utf8', () => {
	test('is reversed by fromUtf8', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (text) => {
				expect(fromUtf8(utf8(text))).toBe(text);
			}),
			RUNS
		);
	});

	test.each(['\ud800', 'a\udfff', '\udc00\ud800', '\ud83d\ud83d\udd11'])(
		'refuses the lone surrogate in %j',
		(text) => {
			expect(isWellFormed(text)).toBe(false);
			expect(() => utf8(text)).toThrow(EncodingError);
		}
	);

	test('keeps a byte order mark', () => {
		expect(fromUtf8(utf8('\ufeffa'))).toBe('\ufeffa');
	});
});

describe('fromUtf8', () => {
	test.each(['ff', 'c080', 'eda080', 'f4908080', 'e282'])('refuses the bytes %s', (bytes) => {
		expect(() => fromUtf8(fromHex(bytes))).toThrow(EncodingError);
	});
});

describe('hex', () => {
	test('is reversed by fromHex', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (bytes) => {
				expect(equal(fromHex(hex(bytes)), bytes)).toBe(true);
			}),
			RUNS
		);
	});

	test.each(['0', 'xy', '0 ', '0x00'])('fromHex refuses %j', (text) => {
		expect(() => fromHex(text)).toThrow(EncodingError);
	});
});
