import { describe, expect, test } from 'vitest';
import { stepOf } from './grid-keys.ts';

describe('stepOf', () => {
	test.each([
		['ArrowDown', 1],
		['ArrowUp', -1],
		['PageDown', 9],
		['PageUp', -9],
		['Home', 'first'],
		['End', 'last'],
		['Enter', undefined]
	])('takes %s as %s', (key, step) => {
		expect(stepOf(key, 9)).toBe(step);
	});
});
