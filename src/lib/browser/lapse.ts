/** When nobody is there any more: the rule, for whoever keeps an account open. */
import type { AutoLockSettings } from '#lib/items/key.ts';

export const IDLE_MINUTES = 15;

/** How often it is asked. */
export const CHECK_MS = 10_000;

/**
 * A longer silence between two checks means sleep. Browsers let the timers of a hidden page run
 * once a minute, so a minute means nothing yet.
 */
const SLEEP_MS = 150_000;

/** When somebody was there last, and when that was asked last. */
export interface Watched {
	readonly activeAt: number;
	readonly checkedAt: number;
}

export function idleMsOf({ idleMinutes = IDLE_MINUTES }: AutoLockSettings): number {
	return idleMinutes * 60_000;
}

/** Why it is over at `now`; undefined while it is not. */
export function lapseOf(
	now: number,
	{ activeAt, checkedAt }: Watched,
	settings: AutoLockSettings
): 'slept' | 'idle' | undefined {
	const { afterSleep = true } = settings;
	if (afterSleep && now - checkedAt > SLEEP_MS) return 'slept';
	return now - activeAt >= idleMsOf(settings) ? 'idle' : undefined;
}
