import { describe, expect, test } from 'vitest';
import { daysBetween, dayOf, expiryOf, isDay, isDue, rotationDay } from '#lib/items/expiry.ts';
import type { Overview } from '#lib/items/key.ts';

/** Local time, as the functions see it. */
function at(year: number, month: number, day: number, hour = 12): number {
	return new Date(year, month - 1, day, hour).getTime();
}

function keyWith(members: Partial<Overview>): Overview {
	return {
		v: 1,
		name: 'x',
		envVars: [],
		tags: [],
		fields: [],
		status: 'active',
		createdAt: at(2026, 1, 1),
		changedAt: at(2026, 1, 1),
		...members
	};
}

const NOW = at(2026, 3, 10);

describe('expiryOf', () => {
	test('is none without a day', () => {
		expect(expiryOf(keyWith({}), NOW)).toEqual({ kind: 'none' });
	});

	test.each([
		['2026-03-09', 'expired', -1],
		['2026-03-10', 'soon', 0],
		['2026-03-24', 'soon', 14],
		['2026-03-25', 'later', 15]
	])('of a last day %s on 10 March is %s', (expiresOn, kind, days) => {
		expect(expiryOf(keyWith({ expiresOn }), NOW)).toEqual({ kind, day: expiresOn, days });
	});

	test('counts the last minute of the day as the day', () => {
		const overview = keyWith({ expiresOn: '2026-03-10' });
		expect(expiryOf(overview, at(2026, 3, 10, 23)).kind).toBe('soon');
		expect(expiryOf(overview, at(2026, 3, 11, 0)).kind).toBe('expired');
	});

	test('asks for rotation on the day it is due', () => {
		const overview = keyWith({ rotateEveryDays: 68 });
		expect(expiryOf(overview, at(2026, 3, 9)).kind).toBe('rotate-later');
		expect(expiryOf(overview, NOW)).toEqual({ kind: 'rotate', day: '2026-03-10', days: 0 });
	});

	test('puts expired before rotation, and rotation before expiring soon', () => {
		expect(expiryOf(keyWith({ rotateEveryDays: 1, expiresOn: '2026-03-01' }), NOW).kind).toBe(
			'expired'
		);
		expect(expiryOf(keyWith({ rotateEveryDays: 1, expiresOn: '2026-03-12' }), NOW).kind).toBe(
			'rotate'
		);
	});

	test('names the nearer of two days that are far', () => {
		const both = keyWith({ rotateEveryDays: 200, expiresOn: '2027-01-01' });
		expect(expiryOf(both, NOW)).toMatchObject({ kind: 'rotate-later', day: '2026-07-20' });
		const expiry = keyWith({ rotateEveryDays: 400, expiresOn: '2027-01-01' });
		expect(expiryOf(expiry, NOW)).toMatchObject({ kind: 'later', day: '2027-01-01' });
	});

	test.each([
		['revoked', { status: 'revoked' }],
		['archived', { status: 'archived' }],
		['in the trash', { trashedAt: 1 }]
	] as const)('is none for a key that is %s', (_what, members) => {
		expect(expiryOf(keyWith({ expiresOn: '2020-01-01', ...members }), NOW).kind).toBe('none');
	});

	test('looks as far ahead as it is asked to', () => {
		expect(expiryOf(keyWith({ expiresOn: '2026-04-01' }), NOW, 30).kind).toBe('soon');
	});
});

describe('isDue', () => {
	test.each([
		['expired', true],
		['soon', true],
		['rotate', true],
		['later', false],
		['rotate-later', false]
	] as const)('of %s is %s', (kind, due) => {
		expect(isDue({ kind, day: '2026-03-10', days: 0 })).toBe(due);
	});
});

describe('rotationDay', () => {
	test('is absent where nobody knows when the value was made', () => {
		expect(rotationDay(keyWith({ rotateEveryDays: 9, changedAt: 0 }))).toBeUndefined();
	});
});

describe('isDay', () => {
	test.each(['2024-02-29', '1970-01-01', '9999-12-31'])('takes %s', (day) => {
		expect(isDay(day)).toBe(true);
	});

	test.each(['2023-02-29', '2024-00-01', '2024-1-1', '1969-12-31', '', '2024-01-01 '])(
		'refuses "%s"',
		(day) => {
			expect(isDay(day)).toBe(false);
		}
	);
});

describe('daysBetween', () => {
	test('is whole across a change of clocks', () => {
		expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
	});
});

describe('dayOf', () => {
	test('is the day of this device', () => {
		expect(dayOf(at(2026, 12, 31, 23))).toBe('2026-12-31');
	});
});
