import { describe, expect, test } from 'vitest';
import { openedCount } from './opened-count.ts';

describe('openedCount', () => {
	test('says how many keys are opened, of all', () => {
		expect(openedCount({ step: 3, seconds: 1, done: 840, total: 2_000 })).toBe('840 of 2,000');
	});

	test('begins with none of them', () => {
		expect(openedCount({ step: 3, seconds: 1, total: 2_000 })).toBe('0 of 2,000');
	});

	test('says nothing before there are any to count, or in another step', () => {
		expect(openedCount({ step: 3, seconds: 1 })).toBeUndefined();
		expect(openedCount({ step: 2, seconds: 1, done: 1, total: 2 })).toBeUndefined();
	});
});
