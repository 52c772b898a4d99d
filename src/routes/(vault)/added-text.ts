/** When a key came in: in words, with the day for whoever wants it exactly. */
import { longDateText, relativeDays } from '#lib/i18n/dates.ts';
import { dayOf, daysBetween } from '#lib/items/expiry.ts';
import * as m from '#lib/i18n/generated/messages.js';

interface Added {
	readonly text: string;
	/** `YYYY-MM-DD`. */
	readonly day: string;
	readonly whole: string;
}

/** Undefined where no program noted it. A clock that was ahead added it today. */
export function addedText(createdAt: number, now: number): Added | undefined {
	if (createdAt <= 0) return undefined;
	const day = dayOf(createdAt);
	const days = Math.min(0, daysBetween(dayOf(now), day));
	return {
		text: m.added_when({ when: relativeDays(days) }),
		day,
		whole: longDateText(createdAt)
	};
}
