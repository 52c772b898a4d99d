import { describe, expect, test } from 'vitest';
import {
	placeGroups,
	placeOfRow,
	rowCountOf,
	rowsToDraw,
	scrollFor,
	spanOf
} from './grid-layout.ts';

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

describe('rowCountOf', () => {
	test('counts every row and every head, drawn or not', () => {
		expect(rowCountOf(placed)).toBe(10_005);
	});

	test('counts rows alone where there is no head', () => {
		expect(rowCountOf(placeGroups([{ id: 'a', rows: rows(2), headless: true }], 44, 36))).toBe(2);
	});

	test('is nothing for an empty list', () => {
		expect(rowCountOf([])).toBe(0);
	});
});

describe('rowsToDraw', () => {
	const keyOf = (row: number) => `key ${row}`;
	const [due, rest] = placed;
	if (due === undefined || rest === undefined) throw new Error('no groups');
	/** Of all rows; those of the second group have keys of their own. */
	const numbers = new Map(rows(10_000).map((row) => [keyOf(row), 3 + row]));

	function drawn(span: { from: number; to: number }, kept: readonly (string | undefined)[]) {
		if (rest === undefined) throw new Error('no group');
		return rowsToDraw(rest, span, kept, numbers, keyOf).map(({ index }) => index);
	}

	test('are those of the span, in their order, by their keys', () => {
		expect(rowsToDraw(rest, { from: 4, to: 6 }, [], numbers, keyOf)).toEqual([
			{ index: 4, key: 'key 4', each: 4 },
			{ index: 5, key: 'key 5', each: 5 }
		]);
	});

	test('keep the row that has focus and the one that is selected, however far away', () => {
		expect(drawn({ from: 100, to: 103 }, ['key 2', 'key 9000'])).toEqual([2, 100, 101, 102, 9_000]);
	});

	test('draw none twice: neither one in the span, nor one that is kept for two reasons', () => {
		expect(drawn({ from: 4, to: 6 }, ['key 5', 'key 8', 'key 8'])).toEqual([4, 5, 8]);
	});

	test('leave out what is in another group, in no group, and nothing at all', () => {
		expect(drawn({ from: 0, to: 1 }, ['elsewhere', undefined])).toEqual([0]);
		expect(rowsToDraw(due, { from: 0, to: 0 }, ['key 7'], numbers, keyOf)).toEqual([]);
	});

	test('are the kept ones alone where the group is out of sight', () => {
		expect(drawn({ from: 0, to: 0 }, ['key 7'])).toEqual([7]);
	});
});

describe('the last of a long list', () => {
	const place = placeOfRow(placed, 10_002, 44);
	if (place === undefined) throw new Error('no place');

	test('stands at its lower end, without having been drawn', () => {
		const total = placed.at(-1);
		expect(place.top + 44).toBe((total?.top ?? 0) + (total?.height ?? 0));
	});

	test('is scrolled to from the top, and drawn there', () => {
		const view = { top: 0, bottom: 600 };
		const to = scrollFor(place, 44, view);
		expect(to).toBe(place.top + 44 - 600);
		const rest = placed[1];
		if (rest === undefined || to === undefined) throw new Error('no group');
		const span = spanOf(rest, 44, to, to + 600);
		expect(span.to).toBe(10_000);
		expect(span.to - span.from).toBeLessThan(40);
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
