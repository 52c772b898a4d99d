/**
 * The moment, for what must not go too early: previous values that are past their date, the trash.
 *
 * A clock may be set wrong, this device's as well as the server's. The earlier of the two counts, so
 * one that runs ahead drops nothing; what then waits goes once both have come so far.
 */
import type { Clock } from '#lib/browser/clock.ts';

export type AgreedTime = () => Promise<number>;

/** The answer rejects with a FaultError where the server does not say what time it is. */
export function agreedTime(
	clock: Pick<Clock, 'now'>,
	serverTime: () => Promise<number>
): AgreedTime {
	return async () => Math.min(await serverTime(), clock.now());
}
