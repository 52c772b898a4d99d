import { describe, expect, test } from 'vitest';
import type { Overview } from '#lib/items/key.ts';
import {
	activate,
	archive,
	restoreFromTrash,
	revoke,
	trash,
	trashDaysLeft
} from '#lib/items/lifecycle.ts';

const DAY_MS = 86_400_000;
const KEY: Overview = {
	v: 1,
	name: 'x',
	envVars: [],
	tags: [],
	fields: [],
	status: 'active',
	createdAt: 1,
	changedAt: 1
};

describe('trash', () => {
	test('is undone by restoring, whatever the status was', () => {
		for (const overview of [KEY, revoke(KEY, 5), archive(KEY, 6)]) {
			expect(restoreFromTrash(trash(overview, 9))).toEqual(overview);
		}
	});
});

describe('trashDaysLeft', () => {
	test.each([
		[0, 30],
		[1, 30],
		[29 * DAY_MS, 1],
		[30 * DAY_MS, 0],
		[99 * DAY_MS, 0]
	])('%i ms after is %i', (after, days) => {
		expect(trashDaysLeft(trash(KEY, 1_000), 1_000 + after)).toBe(days);
	});

	test('is absent for a key that is not in there', () => {
		expect(trashDaysLeft(KEY, 1)).toBeUndefined();
	});
});

describe('revoke', () => {
	test('says when and why', () => {
		expect(revoke(KEY, 7, ' leaked in CI ')).toMatchObject({
			status: 'revoked',
			revoked: { at: 7, reason: 'leaked in CI' }
		});
	});

	test('needs no reason', () => {
		expect(revoke(KEY, 7).revoked).toEqual({ at: 7 });
	});

	test('is taken back', () => {
		expect(activate(revoke(KEY, 7))).toEqual(KEY);
	});
});

describe('archive', () => {
	test('is taken back', () => {
		expect(activate(archive(KEY, 7))).toEqual(KEY);
	});

	test('of a revoked key goes back to revoked', () => {
		const revoked = revoke(KEY, 7);
		expect(activate(archive(revoked, 8))).toEqual(revoked);
	});
});
