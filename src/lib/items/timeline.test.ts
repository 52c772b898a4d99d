import { describe, expect, test } from 'vitest';
import type { Overview } from './key.ts';
import { timelineOf, type DatedKey } from './timeline.ts';

const TODAY = '2026-11-28';

function key(id: string, more: Partial<Overview>): DatedKey {
	const overview: Overview = {
		v: 1,
		name: `Key ${id}`,
		envVars: [],
		tags: [],
		createdAt: 0,
		changedAt: 0,
		status: 'active',
		fields: [],
		...more
	};
	return { id, overview };
}

function days(...expires: string[]) {
	const keys = expires.map((expiresOn, index) => key(String(index), { expiresOn }));
	const { past, months, later } = timelineOf(keys, TODAY);
	const named = months.filter(({ events }) => events.length > 0);
	return {
		past: past.length,
		later,
		months: named.map(({ month, events }) => [month, events.length])
	};
}

describe('timelineOf', () => {
	test('has thirteen months, over the turn of the year', () => {
		const { months } = timelineOf([], TODAY);
		expect(months).toHaveLength(13);
		expect(months.map(({ month }) => month).slice(0, 3)).toEqual(['2026-11', '2026-12', '2027-01']);
		expect(months.at(-1)?.month).toBe('2027-11');
	});

	test('puts each day into its month', () => {
		expect(days('2026-12-31', '2027-01-01', '2026-12-01').months).toEqual([
			['2026-12', 2],
			['2027-01', 1]
		]);
	});

	test('takes today and the same day next year as the ends', () => {
		expect(days('2026-11-27', TODAY, '2027-11-28', '2027-11-29')).toEqual({
			past: 1,
			later: 1,
			months: [
				['2026-11', 1],
				['2027-11', 1]
			]
		});
	});

	test('has both days of a key that expires and is to be rotated, by day', () => {
		const changedAt = new Date(2026, 10, 1, 12).getTime();
		const { months } = timelineOf(
			[key('a', { expiresOn: '2026-12-20', rotateEveryDays: 45, changedAt })],
			TODAY
		);
		expect(months[1]?.events).toEqual([
			{ key: 'a', name: 'Key a', kind: 'rotates', day: '2026-12-16' },
			{ key: 'a', name: 'Key a', kind: 'expires', day: '2026-12-20' }
		]);
	});

	test.each([{ status: 'revoked' }, { status: 'archived' }, { trashedAt: 1 }] as const)(
		'leaves out what nobody waits for: %o',
		(more) => {
			const { past, months } = timelineOf([key('a', { expiresOn: '2026-01-01', ...more })], TODAY);
			expect([past.length, months.flatMap(({ events }) => events).length]).toEqual([0, 0]);
		}
	);
});
