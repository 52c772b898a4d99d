import { describe, expect, test } from 'vitest';
import { isCoarseDay } from '#lib/api/reminders.ts';
import { BLANK, parseOverview } from './overview.ts';
import type { Overview } from './key.ts';
import { reminderChoices, reminderDays } from './reminder.ts';

const TODAY = '2026-11-28';

function overview(more: Partial<Overview>): Overview {
	return { ...BLANK, v: 1, name: 'a', changedAt: 0, ...more };
}

describe('reminderChoices', () => {
	test('are Mondays of weeks before, and firsts of months', () => {
		expect(reminderChoices('2027-03-18', TODAY)).toEqual([
			{ day: '2027-03-08', step: 'week' },
			{ day: '2027-03-01', step: 'week' },
			{ day: '2027-02-15', step: 'week' },
			{ day: '2027-02-01', step: 'month' },
			{ day: '2026-12-01', step: 'month' }
		]);
	});

	test('are all days that the server takes', () => {
		for (const due of ['2027-01-01', '2028-02-29', '2027-12-31', '2027-06-07']) {
			for (const { day } of reminderChoices(due, TODAY)) expect(isCoarseDay(day)).toBe(true);
		}
	});

	test('are none of days that have come, and none after the day itself', () => {
		expect(reminderChoices('2026-12-02', TODAY)).toEqual([{ day: '2026-12-01', step: 'month' }]);
		expect(reminderChoices('2026-11-30', TODAY)).toEqual([]);
		expect(reminderChoices('2026-01-01', TODAY)).toEqual([]);
	});
});

describe('reminderDays', () => {
	test('are each once, in order, however many keys have them', () => {
		const days = ['2027-01-01', '2026-12-07', '2027-01-01'].map((reminderOn) =>
			overview({ reminderOn })
		);
		expect(reminderDays(days, TODAY, 60)).toEqual(['2026-12-07', '2027-01-01']);
		expect(reminderDays(days, TODAY, 1)).toEqual(['2026-12-07']);
	});

	test.each([
		{ trashedAt: 1 },
		{ status: 'revoked' },
		{ status: 'archived' },
		{ reminderOn: '2026-11-23' }
	] as const)('leave out a key with %o', (more) => {
		expect(reminderDays([overview({ reminderOn: '2027-01-01', ...more })], TODAY, 60)).toEqual([]);
	});

	test('are read back from an overview', () => {
		expect(parseOverview({ v: 1, name: 'a', reminderOn: '2027-01-01' }).reminderOn).toBe(
			'2027-01-01'
		);
		expect(() => parseOverview({ v: 1, name: 'a', reminderOn: 'soon' })).toThrow();
	});
});
