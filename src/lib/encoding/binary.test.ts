import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reader, Writer } from '#lib/encoding/binary.ts';
import { EncodingError, equal, fromHex, hex } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';

const RUNS = { seed: 1, numRuns: 200 };
const MAX = Number.MAX_SAFE_INTEGER;

describe('Writer', () => {
	test('writes big-endian integers', () => {
		const bytes = new Writer().u8(1).u16(0x203).u32(0x4050607).u64(0x8090a0b0c0d0e).done();
		expect(hex(bytes)).toBe('01020304050607' + '0008090a0b0c0d0e');
	});

	test.each([-1, 0.5, NaN, 256, Infinity])('refuses %d as one byte', (value) => {
		expect(() => new Writer().u8(value)).toThrow(EncodingError);
	});

	test('refuses an integer that JSON cannot carry', () => {
		expect(() => new Writer().u64(MAX + 1)).toThrow(EncodingError);
	});

	test('refuses to prefix 65,536 bytes', () => {
		expect(new Writer().prefixed(new Uint8Array(65_535)).done()).toHaveLength(65_537);
		expect(() => new Writer().prefixed(new Uint8Array(65_536))).toThrow(EncodingError);
	});

	test('refuses an id that is not canonical', () => {
		expect(() => new Writer().id('AAAAAAAAAAAAAAAAAAAAAB')).toThrow(EncodingError);
	});
});

describe('Reader', () => {
	test('reads what was written', () => {
		const integers = fc.tuple(
			fc.nat(0xff),
			fc.nat(0xffff),
			fc.integer({ min: 0, max: 0xffff_ffff }),
			fc.integer({ min: 0, max: MAX })
		);
		const blob = fc.uint8Array({ minLength: 0, maxLength: 400 });
		const id = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(idText);
		fc.assert(
			fc.property(integers, blob, id, ([a, b, c, d], bytes, name) => {
				const writer = new Writer().u8(a).u16(b).u32(c).u64(d).bytes(bytes).id(name);
				const reader = new Reader(writer.done());
				expect([reader.u8(), reader.u16(), reader.u32(), reader.u64()]).toEqual([a, b, c, d]);
				expect(equal(reader.bytes(bytes.length), bytes)).toBe(true);
				expect(reader.id()).toBe(name);
				reader.end();
			}),
			RUNS
		);
	});

	test.each(['0020000000000000', 'ffffffffffffffff', '8000000000000000'])(
		'refuses %s, which is above 2^53 - 1',
		(text) => {
			expect(() => new Reader(fromHex(text)).u64()).toThrow(EncodingError);
		}
	);

	test('reads 2^53 - 1', () => {
		expect(new Reader(fromHex('001fffffffffffff')).u64()).toBe(MAX);
	});

	test('refuses to read beyond the end', () => {
		expect(() => new Reader(new Uint8Array(3)).u32()).toThrow(EncodingError);
	});

	test('refuses bytes that are left', () => {
		expect(() => {
			new Reader(new Uint8Array(1)).end();
		}).toThrow(EncodingError);
	});

	test('gives copies, which outlive what was read', () => {
		const bytes = Uint8Array.of(1, 2);
		const taken = new Reader(bytes).bytes(2);
		bytes.fill(0);
		expect(taken).toEqual(Uint8Array.of(1, 2));
	});
});
