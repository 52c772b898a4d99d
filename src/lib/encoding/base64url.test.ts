import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { EncodingError, equal, utf8 } from '#lib/encoding/bytes.ts';

const RUNS = { seed: 1, numRuns: 500 };

describe('base64url', () => {
	test.each([
		['', ''],
		['f', 'Zg'],
		['fo', 'Zm8'],
		['foo', 'Zm9v'],
		['foobar', 'Zm9vYmFy']
	])('writes %j as RFC 4648 does', (text, encoded) => {
		expect(encode(utf8(text))).toBe(encoded);
	});

	test('reads back what it wrote, of any size', () => {
		fc.assert(
			fc.property(fc.uint8Array({ size: 'large' }), (bytes) => {
				expect(equal(decode(encode(bytes)), bytes)).toBe(true);
			}),
			RUNS
		);
	});

	test('has one text for every byte string', () => {
		const text = fc.stringMatching(/^[A-Za-z0-9_-]{0,9}$/);
		fc.assert(
			fc.property(text, (typed) => {
				try {
					expect(encode(decode(typed))).toBe(typed);
				} catch (error) {
					expect(error).toBeInstanceOf(EncodingError);
				}
			}),
			RUNS
		);
	});

	test.each(['A', 'AAAAA', 'Zh', 'Zm9', 'Zg==', 'Z g', '+A', '/A', 'Zg\n', 'Zgé', 'Z\u0000'])(
		'refuses %j',
		(text) => {
			expect(() => decode(text)).toThrow(EncodingError);
		}
	);

	test('writes more bytes than an argument list takes', () => {
		expect(encode(new Uint8Array(300_000))).toBe('A'.repeat(400_000));
	});
});
