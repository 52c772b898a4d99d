/** Counting seconds down on screen. */
import type { Clock } from '#lib/browser/clock.ts';

const TICK_MS = 250;

/**
 * Calls `show` with the seconds left, from all of them to 1, then `end` once.
 *
 * @returns calls it off
 */
export function countDown(
	clock: Clock,
	seconds: number,
	show: (secondsLeft: number) => void,
	end: () => void
): () => void {
	const until = clock.now() + seconds * 1_000;
	show(seconds);
	const stop = clock.every(TICK_MS, () => {
		const left = Math.ceil((until - clock.now()) / 1_000);
		if (left > 0) {
			// A clock that was set back must not show more than there ever was.
			show(Math.min(left, seconds));
			return;
		}
		stop();
		end();
	});
	return stop;
}
