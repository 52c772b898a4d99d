/** Days of this device's calendar, for the activity log. */
import { dayOf } from '#lib/items/expiry.ts';

const QUARTER_MS = 900_000;

/** Adds up quarters of an hour to days of this device's time zone. */
export function countByDay(
	quarters: readonly (readonly [number, number])[]
): ReadonlyMap<string, number> {
	const days = new Map<string, number>();
	for (const [quarter, count] of quarters) {
		const day = dayOf(quarter * QUARTER_MS);
		days.set(day, (days.get(day) ?? 0) + count);
	}
	return days;
}

/** The last `count` days, today included: by the calendar, for some days have no 24 hours. */
export function lastDays(now: number, count: number): readonly string[] {
	const today = new Date(now);
	return Array.from({ length: count }, (_, index) =>
		dayOf(
			new Date(
				today.getFullYear(),
				today.getMonth(),
				today.getDate() - (count - 1 - index),
				12
			).getTime()
		)
	);
}

/** The first moment of a day on this device. */
export function startOf(day: string): number {
	const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
	return new Date(year, month - 1, date).getTime();
}
