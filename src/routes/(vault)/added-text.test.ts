import { describe, expect, test } from 'vitest';
import { addedText } from './added-text.ts';

const noon = (year: number, month: number, day: number) =>
	new Date(year, month - 1, day, 12).getTime();
const NOW = noon(2026, 3, 10);

describe('addedText', () => {
	test.each([
		['today', noon(2026, 3, 10)],
		['yesterday', noon(2026, 3, 9)],
		['3 weeks ago', noon(2026, 2, 17)],
		['2 years ago', noon(2024, 3, 1)]
	])('says "added %s"', (when, createdAt) => {
		expect(addedText(createdAt, NOW)?.text).toBe(`added ${when}`);
	});

	test('counts days of the calendar, not hours', () => {
		const evening = new Date(2026, 2, 9, 23, 50).getTime();
		const night = new Date(2026, 2, 10, 0, 10).getTime();
		expect(addedText(evening, night)?.text).toBe('added yesterday');
	});

	test('has the day exactly, and written out', () => {
		expect(addedText(noon(2026, 2, 17), NOW)).toMatchObject({
			day: '2026-02-17',
			whole: 'February 17, 2026'
		});
	});

	test('takes what a fast clock noted as of today', () => {
		expect(addedText(noon(2026, 3, 12), NOW)?.text).toBe('added today');
	});

	test('says nothing where nobody noted it', () => {
		expect(addedText(0, NOW)).toBeUndefined();
	});
});
