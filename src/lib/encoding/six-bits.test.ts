import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { EncodingError } from '#lib/encoding/bytes.ts';
import { fromSixBits, toSixBits } from '#lib/encoding/six-bits.ts';

const LETTERS = ['A', 'Q', 'g', 'w', '_', '-', '+', '/', '=', ' ', '\n', '\0', 'é', '😀'];
const RUNS = { seed: 1, numRuns: 500 };

describe('base64url by hand', () => {
	test('writes what the platform writes, of any size', () => {
		fc.assert(
			fc.property(fc.uint8Array({ size: 'large' }), (bytes) => {
				expect(toSixBits(bytes)).toBe(encode(bytes));
			}),
			RUNS
		);
	});

	test('reads what the platform reads, and refuses what it refuses', () => {
		const like = fc.stringMatching(/^[A-Za-z0-9_-]{0,9}$/);
		const other = fc.string({ maxLength: 9, unit: fc.constantFrom(...LETTERS) });
		fc.assert(
			fc.property(fc.oneof(like, other), (text) => {
				expect(outcome(fromSixBits, text)).toEqual(outcome(decode, text));
			}),
			RUNS
		);
	});

	test('writes more bytes than an argument list takes', () => {
		expect(toSixBits(new Uint8Array(300_000))).toBe('A'.repeat(400_000));
	});
});

function outcome(read: (text: string) => Uint8Array, text: string): Uint8Array | 'refused' {
	try {
		return read(text);
	} catch (error) {
		expect(error).toBeInstanceOf(EncodingError);
		return 'refused';
	}
}
