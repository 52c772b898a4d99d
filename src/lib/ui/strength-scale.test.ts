import { describe, expect, test } from 'vitest';
import { litTicks, RULER_TICKS } from './strength-scale.ts';

const DAY = 86_400;
const YEAR = 31_557_600;

describe('litTicks', () => {
	test('lights nothing for nothing', () => {
		expect(litTicks(0)).toBe(0);
	});

	test('lights nothing for what is not a number', () => {
		expect(litTicks(Number.NaN)).toBe(0);
	});

	test('lights the first tick for less than a second', () => {
		expect(litTicks(0.001)).toBe(1);
	});

	test.each([
		['a day', DAY, 16],
		['a year', YEAR, 31],
		['a century', 100 * YEAR, 46]
	])('reaches the mark of %s', (_, seconds, ticks) => {
		expect(litTicks(seconds)).toBe(ticks);
	});

	test('never passes the end', () => {
		expect(litTicks(Number.MAX_VALUE)).toBe(RULER_TICKS);
	});

	test('never falls while the time grows', () => {
		const lit = Array.from({ length: 40 }, (_, decade) => litTicks(10 ** (decade / 2)));
		expect(lit).toEqual(lit.toSorted((one, other) => one - other));
	});
});
