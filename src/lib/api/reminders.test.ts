import { describe, expect, test } from 'vitest';
import { REMINDERS_MAX } from '#lib/api/limits.ts';
import { isCoarseDay, RemindersRequest } from '#lib/api/reminders.ts';
import { z } from '#lib/api/zod.ts';

describe('isCoarseDay', () => {
	test.each(['2026-11-30', '2026-12-01', '2027-01-04', '2028-02-28'])('takes %s', (day) => {
		expect(isCoarseDay(day)).toBe(true);
	});

	test.each(['2026-12-02', '2026-11-29', '2026-13-01', '2027-02-29', '2026-2-1', '', '0001-01-01'])(
		'refuses %s',
		(day) => {
			expect(isCoarseDay(day)).toBe(false);
		}
	);
});

describe('RemindersRequest', () => {
	const taken = (request: unknown) => z.safeParse(RemindersRequest, request).success;

	test('takes no day, and as many as it may have', () => {
		expect(taken({ days: [] })).toBe(true);
		expect(taken({ days: Array.from({ length: REMINDERS_MAX }, () => '2026-12-01') })).toBe(true);
	});

	test('refuses more, another day, and anything besides', () => {
		expect(taken({ days: Array.from({ length: REMINDERS_MAX + 1 }, () => '2026-12-01') })).toBe(
			false
		);
		expect(taken({ days: ['2026-12-03'] })).toBe(false);
		expect(taken({ days: [], key: 'x' })).toBe(false);
		expect(taken({})).toBe(false);
	});
});
