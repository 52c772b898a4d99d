/**
 * The exact form of what one part of a page hands to another, where a schema would cost more than
 * all that is read: the worker between tabs loads for nothing else.
 */

/** Whether `value` is an object with all of `names`, and nothing besides but some of `optional`. */
export function isExactly(
	value: unknown,
	names: readonly string[],
	optional: readonly string[] = []
): value is Readonly<Record<string, unknown>> {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
	return (
		names.every((name) => Object.hasOwn(value, name)) &&
		Object.keys(value).every((name) => names.includes(name) || optional.includes(name))
	);
}

/** Whether `value` is a whole number of `least` to `most`. */
export function isWithin(value: unknown, least: number, most: number): value is number {
	return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
