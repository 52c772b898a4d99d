import { describe, expect, test } from 'vitest';
import {
	agoText,
	countdownText,
	dateText,
	dayText,
	firstWeekday,
	relativeDays,
	sizeText,
	tenthsText,
	wholeDays,
	yearMonthText
} from './dates.ts';

describe('relativeDays', () => {
	test.each([
		[1, 'tomorrow'],
		[6, 'in 6 days'],
		[-3, '3 days ago'],
		[35, 'in 5 weeks'],
		[152, 'in 5 months'],
		[1_100, 'in 3 years']
	])('says %i days as "%s"', (days, text) => {
		expect(relativeDays(days, 'en-GB')).toBe(text);
	});
});

describe('agoText', () => {
	const now = new Date(2026, 10, 22, 12).getTime();

	test.each([
		[-5, 'now'],
		[0, 'now'],
		[1, '1 minute ago'],
		[59, '59 minutes ago'],
		[60, '1 hour ago'],
		[1_439, '23 hours ago'],
		[1_440, 'yesterday'],
		[5 * 1_440, '5 days ago']
	])('says %i minutes as "%s"', (minutes, text) => {
		expect(agoText(now - minutes * 60_000, now, 'en-GB')).toBe(text);
	});
});

describe('dayText', () => {
	test('does not shift the day by a time zone', () => {
		expect(dayText('2027-04-18', 'en-GB')).toBe('18 Apr 2027');
	});
});

describe('yearMonthText', () => {
	test('says month and year, in no time zone', () => {
		expect(yearMonthText('2027-01', 'en-GB')).toBe('Jan 2027');
	});
});

describe('dateText', () => {
	const now = new Date(2026, 10, 22).getTime();

	test('leaves this year out', () => {
		expect(dateText(new Date(2026, 9, 16).getTime(), now, 'en-GB')).toBe('16 Oct');
	});

	test('says another year', () => {
		expect(dateText(new Date(2025, 9, 16).getTime(), now, 'en-GB')).toBe('16 Oct 2025');
	});
});

describe('countdownText', () => {
	test('keeps two digits for the seconds', () => {
		expect(countdownText(278)).toBe('4:38');
	});

	test('never falls below nothing', () => {
		expect(countdownText(-5)).toBe('0:00');
	});
});

describe('sizeText', () => {
	test('says kilobytes', () => {
		expect(sizeText(12_345, 'en')).toBe('12 kB');
	});
});

describe('tenthsText', () => {
	test('has the decimal sign of the language', () => {
		expect(tenthsText(0.4, 'en')).toBe('0.4');
		expect(tenthsText(2, 'de')).toBe('2,0');
	});
});

describe('wholeDays', () => {
	test('does not count a day that is not over', () => {
		expect(wholeDays(0, 86_400_000 * 2 - 1)).toBe(1);
	});
});

describe('firstWeekday', () => {
	test.each([
		['en-GB', 0],
		['de', 0],
		['en-US', 6],
		['ja', 6]
	])('knows on which day a week begins in %s', (tag, day) => {
		expect(firstWeekday(tag)).toBe(day);
	});
});
