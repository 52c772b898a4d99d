/**
 * Where a guessing time stands on the strength ruler.
 *
 * The ruler is logarithmic between its marks. Each of the four parts is 15 ticks wide, although
 * they span different numbers of decades: the marks are what a person reads, so they stand evenly.
 */

/** Ticks of the ruler, the marks included. */
export const RULER_TICKS = 61;

/** Seconds at each mark: a second, a day, a year, a century, and the end, a thousand centuries. */
const MARKS = [1, 86_400, 31_557_600, 3_155_760_000, 3_155_760_000_000];
const TICKS_BETWEEN_MARKS = 15;

/**
 * Ticks to light for a password that falls after `seconds` of guessing, 0 to {@link RULER_TICKS}.
 * An empty field lights none; anything that was typed lights at least the first.
 */
export function litTicks(seconds: number): number {
	if (!(seconds > 0)) return 0;
	const decades = Math.log10(seconds);
	let position = 0;
	for (let part = 0; part + 1 < MARKS.length; part += 1) {
		const from = Math.log10(MARKS[part] ?? 1);
		const to = Math.log10(MARKS[part + 1] ?? 1);
		const share = Math.min(Math.max((decades - from) / (to - from), 0), 1);
		position += share * TICKS_BETWEEN_MARKS;
	}
	return Math.min(Math.floor(position) + 1, RULER_TICKS);
}
