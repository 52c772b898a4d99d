/** A judged password in words, with the number and the speed it assumes. */
import type { Strength } from '#lib/browser/strength.ts';
import * as m from '#lib/i18n/generated/messages.js';

const UNITS = [
	{ seconds: 31_557_600, text: m.time_years },
	{ seconds: 2_629_800, text: m.time_months },
	{ seconds: 86_400, text: m.time_days },
	{ seconds: 3_600, text: m.time_hours },
	{ seconds: 60, text: m.time_minutes },
	{ seconds: 1, text: m.time_seconds }
] as const;
/** Beyond, a number says nothing more. */
const MOST_YEARS = 1_000_000;

/** "About 3,000 years". Two digits count, more would be invented. */
export function guessingTime(seconds: number): string {
	if (seconds >= MOST_YEARS * UNITS[0].seconds) return m.time_centuries();
	const unit = UNITS.find((candidate) => seconds >= candidate.seconds);
	if (unit === undefined) return m.time_instantly();
	const count = Math.floor(seconds / unit.seconds);
	return unit.text({ count: count < 100 ? count : Number(count.toPrecision(1)) });
}

/** One word for the judgement, as it is colored. */
export function strengthWord(strength: Strength): string {
	const state = strengthState(strength);
	if (state === 'stop') return m.strength_weak();
	return state === 'due' ? m.strength_fair() : m.strength_strong();
}

/** `stop` below days, `due` below years, `ok` above. */
export function strengthState({ band }: Strength): 'ok' | 'due' | 'stop' {
	if (band === 'seconds') return 'stop';
	return band === 'days' ? 'due' : 'ok';
}
