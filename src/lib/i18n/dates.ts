/**
 * Days and times in words, through Intl. The language is the one that is spoken; its region (order of
 * day and month, 12 or 24 hours) is the browser's where the browser speaks that language.
 */
import { spokenTag } from '#lib/i18n/spoken.ts';

const DAY_MS = 86_400_000;
/** From here on a larger unit says as much: 14 days are two weeks, 60 days two months. */
const DAYS_IN_DAYS = 14;
const DAYS_IN_WEEKS = 60;
const DAYS_IN_MONTHS = 730;
const DAYS_A_MONTH = 30.44;
const DAYS_A_YEAR = 365.25;

/** To make one takes longer than to use it, and a list uses one for each of its rows. */
const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();
const longDates = new Map<string, Intl.DateTimeFormat>();

/** "in 5 months", "tomorrow", "3 days ago". Negative days are past. */
export function relativeDays(days: number, tag = spokenTag()): string {
	const size = Math.abs(days);
	if (size < DAYS_IN_DAYS) {
		return relativeFormat(tag, 'auto').format(days, 'day');
	}
	const format = relativeFormat(tag, 'always');
	if (size < DAYS_IN_WEEKS) return format.format(Math.round(days / 7), 'week');
	if (size < DAYS_IN_MONTHS) return format.format(Math.round(days / DAYS_A_MONTH), 'month');
	return format.format(Math.round(days / DAYS_A_YEAR), 'year');
}

/** How long ago a moment was: "5 minutes ago", "2 hours ago", "yesterday". A moment to come is now. */
export function agoText(ms: number, now: number, tag = spokenTag()): string {
	const minutes = Math.floor(Math.max(0, now - ms) / 60_000);
	const format = relativeFormat(tag, 'auto');
	if (minutes === 0) return format.format(0, 'second');
	if (minutes < 60) return format.format(-minutes, 'minute');
	if (minutes < 1_440) return format.format(-Math.floor(minutes / 60), 'hour');
	return relativeDays(-wholeDays(ms, now), tag);
}

/** A calendar day `YYYY-MM-DD`: "18 Apr 2027". */
export function dayText(day: string, tag = spokenTag()): string {
	const format = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' });
	return format.format(Date.parse(`${day}T00:00:00Z`));
}

/** The day of a moment on this device, without its year while that is this year: "16 Oct". */
export function dateText(ms: number, now: number, tag = spokenTag()): string {
	const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
	const parts = { day: 'numeric', month: 'short' } as const;
	return new Intl.DateTimeFormat(tag, sameYear ? parts : { ...parts, year: 'numeric' }).format(ms);
}

/** The day of a moment, written out: "22 November 2026". */
export function longDateText(ms: number, tag = spokenTag()): string {
	const format = longDates.get(tag) ?? new Intl.DateTimeFormat(tag, { dateStyle: 'long' });
	longDates.set(tag, format);
	return format.format(ms);
}

/** The month of a calendar day, in short: "Oct". */
export function monthText(day: string, tag = spokenTag()): string {
	const format = new Intl.DateTimeFormat(tag, { month: 'short', timeZone: 'UTC' });
	return format.format(Date.parse(`${day}T00:00:00Z`));
}

/** A month `YYYY-MM` with its year: "Nov 2026". */
export function yearMonthText(month: string, tag = spokenTag()): string {
	const parts = { month: 'short', year: 'numeric', timeZone: 'UTC' } as const;
	return new Intl.DateTimeFormat(tag, parts).format(Date.parse(`${month}-01T00:00:00Z`));
}

/** A day of the week in short, Monday being 0: "Mon". */
export function weekdayText(weekday: number, tag = spokenTag()): string {
	const monday = Date.UTC(2024, 0, 1);
	const format = new Intl.DateTimeFormat(tag, { weekday: 'short', timeZone: 'UTC' });
	return format.format(monday + weekday * DAY_MS);
}

/** What newer browsers say of weeks, some of them by a member and some by a method. */
interface Weeks {
	readonly weekInfo?: { readonly firstDay: number };
	readonly getWeekInfo?: () => { readonly firstDay: number };
}

/** The day that begins a week, Monday being 0; Monday where the browser does not say. */
export function firstWeekday(tag = spokenTag()): number {
	const locale: Weeks = new Intl.Locale(tag);
	return ((locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1) - 1;
}

/** The time of a moment: "14:02". */
export function timeText(ms: number, tag = spokenTag()): string {
	return new Intl.DateTimeFormat(tag, { timeStyle: 'short' }).format(ms);
}

/** Day and time of a moment. */
export function momentText(ms: number, tag = spokenTag()): string {
	return new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}

/** Minutes and seconds of a countdown: "4:38". */
export function countdownText(seconds: number): string {
	const left = Math.max(0, Math.ceil(seconds));
	return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}

/** A size in bytes: "12 kB". */
export function sizeText(bytes: number, tag = spokenTag()): string {
	const unit = bytes < 1_000 ? 'byte' : bytes < 1_000_000 ? 'kilobyte' : 'megabyte';
	const value = bytes / { byte: 1, kilobyte: 1_000, megabyte: 1_000_000 }[unit];
	const options = { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 } as const;
	return new Intl.NumberFormat(tag, options).format(value);
}

/** A number with the separators of the language. */
export function numberText(value: number, tag = spokenTag()): string {
	return new Intl.NumberFormat(tag).format(value);
}

/** Seconds to a tenth: "0.4". */
export function tenthsText(seconds: number, tag = spokenTag()): string {
	const options = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
	return new Intl.NumberFormat(tag, options).format(seconds);
}

/** Whole days from one moment to another. */
export function wholeDays(fromMs: number, toMs: number): number {
	return Math.floor((toMs - fromMs) / DAY_MS);
}

function relativeFormat(tag: string, numeric: 'always' | 'auto'): Intl.RelativeTimeFormat {
	const id = `${tag} ${numeric}`;
	const format = relativeFormats.get(id) ?? new Intl.RelativeTimeFormat(tag, { numeric });
	relativeFormats.set(id, format);
	return format;
}
