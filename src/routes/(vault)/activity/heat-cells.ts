/** Where the days of the heat map stand: a column for each week, a row for each day of the week. */
import type { DayCount } from '#lib/browser/activity.svelte.ts';

export interface Cell extends DayCount {
	readonly column: number;
}

const WEEK = 7;

/**
 * Seven rows of cells, the oldest first.
 *
 * @param first the day that begins a week, Monday being 0
 * @param weeks only so many columns, the newest ones
 */
export function cellRows(
	days: readonly DayCount[],
	first: number,
	weeks = Number.POSITIVE_INFINITY
): readonly (readonly Cell[])[] {
	const newest = days.at(-1);
	const inLast = newest === undefined ? 0 : rowOf(newest.day, first) + 1;
	const shown = days.slice(-Math.min(days.length, (weeks - 1) * WEEK + inLast));
	const offset = rowOf(shown[0]?.day ?? '', first);
	const rows: Cell[][] = Array.from({ length: WEEK }, () => []);
	for (const [index, day] of shown.entries()) {
		const place = index + offset;
		rows[place % WEEK]?.push({ ...day, column: Math.floor(place / WEEK) });
	}
	return rows;
}

/** How many days an arrow goes on; undefined for any other key. */
export function daysOn(key: string): number | undefined {
	switch (key) {
		case 'ArrowUp':
			return -1;
		case 'ArrowDown':
			return 1;
		case 'ArrowLeft':
			return -WEEK;
		case 'ArrowRight':
			return WEEK;
		case 'Home':
			return Number.NEGATIVE_INFINITY;
		case 'End':
			return Number.POSITIVE_INFINITY;
		default:
			return undefined;
	}
}

/** Days of the calendar, by UTC: what time it is anywhere is no matter. */
function rowOf(day: string, first: number): number {
	const sundayFirst = new Date(`${day}T12:00:00Z`).getUTCDay();
	return (sundayFirst + 2 * WEEK - 1 - first) % WEEK;
}
