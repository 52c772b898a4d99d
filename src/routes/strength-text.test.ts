import { describe, expect, test } from 'vitest';
import { guessingTime } from './strength-text.ts';

const YEAR = 31_557_600;

describe('guessingTime', () => {
	test.each([
		[0.2, 'Less than a second'],
		[90, 'About 1 minute'],
		[50 * 60, 'About 50 minutes'],
		[3_120 * YEAR, 'About 3,000 years'],
		[5e6 * YEAR, 'More than 1,000,000 years']
	])('says %d seconds as "%s"', (seconds, text) => {
		expect(guessingTime(seconds)).toBe(text);
	});
});
