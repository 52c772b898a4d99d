import { describe, expect, test } from 'vitest';
import { placeGroups, placeOfRow, scrollFor, spanOf } from './grid-layout.ts';

const rows = (count: number) => Array.from({ length: count }, (_, index) => index);
const groups = [
	{ id: 'due', rows: rows(3) },
	{ id: 'rest', rows: rows(10_000) }
];
const placed = placeGroups(groups, 44, 36);

describe('placeGroups', () => {
	test('puts a group below the one before it', () => {
		expect(placed[1]?.top).toBe(36 + 3 * 44);
	});

	test('counts heads as rows for assistive technology', () => {
		expect(placed[1]?.firstIndex).toBe(5);
	});

	test('does not count heads among the keys', () => {
		expect(placed[1]?.firstRow).toBe(3);
	});

	test('gives a group without a head no room for one', () => {
		const [alone] = placeGroups([{ id: 'all', rows: rows(2), headless: true }], 44, 36);
		expect(alone).toMatchObject({ height: 88, head: 0, firstIndex: 1 });
	});
});

describe('spanOf', () => {
	const rest = placeGroups([{ id: 'rest', rows: rows(10_000) }], 44, 36)[0];
	if (rest === undefined) throw new Error('no group');

	test('draws the window and eight rows on either side', () => {
		expect(spanOf(rest, 44, 36 + 4_400, 36 + 4_840)).toEqual({ from: 92, to: 118 });
	});

	test('begins with the first row', () => {
		expect(spanOf(rest, 44, 0, 440).from).toBe(0);
	});

	test('ends with the last row', () => {
		expect(spanOf(rest, 44, 439_000, 440_036).to).toBe(10_000);
	});

	test('draws nothing of a group that is far away', () => {
		const { from, to } = spanOf(rest, 44, -9_000, -8_000);
		expect(to - from).toBe(0);
	});
});

describe('placeOfRow', () => {
	test('finds a row of the second group', () => {
		expect(placeOfRow(placed, 3, 44)).toEqual({ top: 36 + 3 * 44 + 36, head: 36 });
	});

	test('finds nothing beyond the last row', () => {
		expect(placeOfRow(placed, 10_003, 44)).toBeUndefined();
	});
});

describe('scrollFor', () => {
	const view = { top: 100, bottom: 500 };

	test('leaves the list where it is when the row is seen', () => {
		expect(scrollFor({ top: 200, head: 36 }, 44, view)).toBeUndefined();
	});

	test('does not leave a row under the head of its group', () => {
		expect(scrollFor({ top: 120, head: 36 }, 44, view)).toBe(84);
	});

	test('brings a row below the window to its lower end', () => {
		expect(scrollFor({ top: 600, head: 36 }, 44, view)).toBe(244);
	});
});
