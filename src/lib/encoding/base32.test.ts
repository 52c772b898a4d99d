import { describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base32.ts';
import { utf8 } from '#lib/encoding/bytes.ts';

describe('encode', () => {
	test.each([
		['', ''],
		['f', 'MY'],
		['fo', 'MZXQ'],
		['foo', 'MZXW6'],
		['foob', 'MZXW6YQ'],
		['fooba', 'MZXW6YTB'],
		['foobar', 'MZXW6YTBOI'],
		['12345678901234567890', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ']
	])('writes the vector %j of RFC 4648 without its padding', (text, encoded) => {
		expect(encode(utf8(text))).toBe(encoded);
	});
});
