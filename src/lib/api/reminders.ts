/**
 * Mails that remind a person of a date. The server learns the days alone, and only coarse ones: not
 * of which key, not of how many keys, not what is due. Which it is stands in the sealed overviews.
 */
import { REMINDERS_MAX } from '#lib/api/limits.ts';
import { z } from '#lib/api/zod.ts';

const MONDAY = 1;

/** A Monday or the first of a month, `YYYY-MM-DD`: all that a reminder says is its week or month. */
export function isCoarseDay(day: string): boolean {
	if (!/^[2-9]\d{3}-\d{2}-\d{2}$/.test(day)) return false;
	const date = new Date(`${day}T00:00:00Z`);
	if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) return false;
	return date.getUTCDate() === 1 || date.getUTCDay() === MONDAY;
}

const CoarseDay = z.string().check(z.maxLength(10), z.refine(isCoarseDay));

/** The days to come, all of them: what is not among them is taken back. */
export const RemindersRequest = z.strictObject({
	days: z.array(CoarseDay).check(z.maxLength(REMINDERS_MAX))
});

/** `mail`: whether this server sends any. */
export const RemindersState = z.strictObject({
	mail: z.boolean(),
	days: z.array(CoarseDay).check(z.maxLength(REMINDERS_MAX * 2))
});
export type RemindersState = z.infer<typeof RemindersState>;
