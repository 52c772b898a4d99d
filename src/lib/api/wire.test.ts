import { describe, expect, test } from 'vitest';
import { bytesBetween, bytesOf, Id, Seq } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

describe('bytesBetween', () => {
	test('gives back the bytes that were written', () => {
		const schema = bytesBetween(0, 5);
		for (let length = 0; length <= 5; length++) {
			const bytes = new Uint8Array(length).fill(250);
			expect(z.decode(schema, z.encode(schema, bytes))).toEqual(bytes);
		}
	});

	test('refuses one byte less and one byte more than the bounds', () => {
		const schema = bytesBetween(2, 4);
		expect(z.safeParse(schema, 'AA').success).toBe(false);
		expect(z.safeParse(schema, 'AAA').success).toBe(true);
		expect(z.safeParse(schema, 'AAAAAA').success).toBe(true);
		expect(z.safeParse(schema, 'AAAAAAA').success).toBe(false);
	});

	test('refuses a second spelling of the same bytes', () => {
		expect(z.safeParse(bytesOf(1), 'AA').success).toBe(true);
		expect(z.safeParse(bytesOf(1), 'AB').success).toBe(false);
		expect(z.safeParse(bytesOf(1), 'AA==').success).toBe(false);
	});

	test.each([null, 7, [65], { length: 2 }, 'A+', 'A/', 'A ', 'A\n', 'Ä'])(
		'refuses %j',
		(hostile) => {
			expect(z.safeParse(bytesBetween(0, 8), hostile).success).toBe(false);
		}
	);
});

describe('Id', () => {
	test('takes 16 bytes in their one spelling', () => {
		expect(z.safeParse(Id, 'AAECAwQFBgcICQoLDA0ODw').success).toBe(true);
	});

	test.each([
		'',
		'AAECAwQFBgcICQoLDA0ODx',
		'AAECAwQFBgcICQoLDA0OD',
		'AAECAwQFBgcICQoLDA0ODwA',
		'../../../../../../../..'
	])('refuses %j', (hostile) => {
		expect(z.safeParse(Id, hostile).success).toBe(false);
	});
});

describe('Seq', () => {
	test.each([0, -1, 1.5, 2 ** 53, Number.NaN, Infinity, '1'])('refuses %j', (hostile) => {
		expect(z.safeParse(Seq, hostile).success).toBe(false);
	});

	test('takes the largest integer that JSON carries exactly', () => {
		expect(z.safeParse(Seq, 2 ** 53 - 1).success).toBe(true);
	});
});
