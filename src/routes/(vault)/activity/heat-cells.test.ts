import { describe, expect, test } from 'vitest';
import { cellRows, daysOn } from './heat-cells.ts';

const DAY_MS = 86_400_000;
const MONDAY = 0;
const SUNDAY = 6;

/** So many days, the last of which is Wednesday 4 March 2026. */
function days(count: number) {
	return Array.from({ length: count }, (_, index) => {
		const at = Date.UTC(2026, 2, 4) - (count - 1 - index) * DAY_MS;
		return { day: new Date(at).toISOString().slice(0, 10), count: index };
	});
}

function placesOf(rows: ReturnType<typeof cellRows>) {
	return rows.map((row) => row.map(({ day, column }) => `${day.slice(5)} ${column}`));
}

describe('cellRows', () => {
	test('begins a week on Monday where that is usual', () => {
		expect(placesOf(cellRows(days(4), MONDAY))).toEqual([
			['03-02 1'],
			['03-03 1'],
			['03-04 1'],
			[],
			[],
			[],
			['03-01 0']
		]);
	});

	test('begins a week on Sunday where that is usual', () => {
		expect(placesOf(cellRows(days(4), SUNDAY))).toEqual([
			['03-01 0'],
			['03-02 0'],
			['03-03 0'],
			['03-04 0'],
			[],
			[],
			[]
		]);
	});

	test('shows the newest weeks where not all have room, from the first day of one on', () => {
		const rows = cellRows(days(365), MONDAY, 17);
		expect(rows[0]).toHaveLength(17);
		expect(rows[0]?.[0]).toMatchObject({ day: '2025-11-10', column: 0 });
		expect(rows[2]?.at(-1)).toMatchObject({ day: '2026-03-04', column: 16, count: 364 });
		expect(rows[3]).toHaveLength(16);
	});

	test('shows every day of a year where there is room', () => {
		expect(cellRows(days(365), MONDAY).flat()).toHaveLength(365);
	});
});

test('arrows go on by a day and by a week, and to both ends', () => {
	expect(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'a'].map(daysOn)).toEqual([
		-1,
		1,
		-7,
		7,
		undefined
	]);
	expect([daysOn('Home'), daysOn('End')]).toEqual([-Infinity, Infinity]);
});
