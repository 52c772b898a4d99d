/**
 * The days that a person may be reminded on: coarse ones, because the server learns them. A Monday
 * says a week, the first of a month says a month.
 */
import { daysBetween } from '#lib/items/expiry.ts';
import type { Overview } from '#lib/items/key.ts';

export interface ReminderChoice {
	readonly day: string;
	readonly step: 'week' | 'month';
}

const DAY_MS = 86_400_000;
const WEEK = 7;
/** How many weeks ahead of the day. */
const WEEKS = [1, 2, 4] as const;
const MONTHS = [0, 1, 3] as const;

/** What there is to choose from before `due`: each is later than `today`, the nearest to it first. */
export function reminderChoices(due: string, today: string): readonly ReminderChoice[] {
	const weeks = WEEKS.map((count) => ({ day: mondayOf(due, count), step: 'week' as const }));
	const months = MONTHS.map((count) => ({ day: firstOf(due, count), step: 'month' as const }));
	return [...weeks, ...months].filter(
		({ day }, index, all) =>
			day > today && day < due && all.findIndex((other) => other.day === day) === index
	);
}

/** The days that the server is to know: of keys in use, each once, the nearest first. */
export function reminderDays(
	overviews: readonly Overview[],
	today: string,
	most: number
): readonly string[] {
	const days = overviews.flatMap(({ reminderOn, status, trashedAt }) =>
		reminderOn === undefined || status !== 'active' || trashedAt !== undefined ? [] : [reminderOn]
	);
	return [...new Set(days)]
		.filter((day) => daysBetween(today, day) > 0)
		.sort()
		.slice(0, most);
}

/** The Monday of the week that is `weeks` before that of `day`. */
function mondayOf(day: string, weeks: number): string {
	const ms = Date.parse(`${day}T00:00:00Z`);
	const sinceMonday = (new Date(ms).getUTCDay() + WEEK - 1) % WEEK;
	return new Date(ms - (sinceMonday + weeks * WEEK) * DAY_MS).toISOString().slice(0, 10);
}

/** The first day of the month that is `months` before that of `day`. */
function firstOf(day: string, months: number): string {
	const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
	date.setUTCMonth(date.getUTCMonth() - months);
	return date.toISOString().slice(0, 10);
}
