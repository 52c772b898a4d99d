import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EncodingError, equal } from '#lib/encoding/bytes.ts';
import { idBytes, idText, isId } from '#lib/encoding/id.ts';

describe('an id', () => {
	test('is the one text of its bytes', () => {
		const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });
		fc.assert(
			fc.property(sixteen, (bytes) => {
				expect(isId(idText(bytes))).toBe(true);
				expect(equal(idBytes(idText(bytes)), bytes)).toBe(true);
			}),
			{ seed: 1, numRuns: 200 }
		);
	});

	test.each([
		'',
		'AAAAAAAAAAAAAAAAAAAAA',
		'AAAAAAAAAAAAAAAAAAAAAAA',
		'AAAAAAAAAAAAAAAAAAAAAB',
		'AAAAAAAAAAAAAAAAAAAA=A',
		'AAAAAAAAAAAAAAAAAAAAAA\n',
		'__proto__'
	])('is not %j', (text) => {
		expect(isId(text)).toBe(false);
		expect(() => idBytes(text)).toThrow(EncodingError);
	});

	test('has 16 bytes', () => {
		expect(() => idText(new Uint8Array(15))).toThrow(EncodingError);
	});
});
