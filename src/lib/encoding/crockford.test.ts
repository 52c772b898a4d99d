import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EncodingError, equal, fromHex } from '#lib/encoding/bytes.ts';
import { canonical, decode, encode, encode20 } from '#lib/encoding/crockford.ts';

describe('crockford', () => {
	test('reads what it wrote', () => {
		const groups = fc.nat(8).chain((n) => fc.uint8Array({ minLength: 5 * n, maxLength: 5 * n }));
		fc.assert(
			fc.property(groups, (bytes) => {
				expect(equal(decode(encode(bytes)), bytes)).toBe(true);
			}),
			{ seed: 1, numRuns: 200 }
		);
	});

	test('knows every symbol', () => {
		const bytes = fromHex('00443214c74254b635cf84653a56d7c675be77df');
		expect(encode(bytes)).toBe('0123456789ABCDEFGHJKMNPQRSTVWXYZ');
	});

	test('writes 20 bits as four symbols', () => {
		expect(encode20(fromHex('00443f'))).toBe('0123');
		expect(encode20(fromHex('ffffff'))).toBe('ZZZZ');
	});

	test('refuses bytes that do not fill whole symbols', () => {
		expect(() => encode(new Uint8Array(4))).toThrow(EncodingError);
	});

	test.each(['0', '0000000U', '0000000o', '0000000 ', '0000000é'])(
		'refuses to decode %j',
		(text) => {
			expect(() => decode(text)).toThrow(EncodingError);
		}
	);
});

describe('canonical', () => {
	test('maps what people write instead', () => {
		expect(canonical('oOiIlLabz')).toBe('001111ABZ');
	});

	test.each(['U', 'u', '-', ' ', 'ı', 'İ', 'ſ', 'ß', '０', 'É'])('knows no %j', (symbol) => {
		expect(canonical(symbol)).toBeUndefined();
	});
});
