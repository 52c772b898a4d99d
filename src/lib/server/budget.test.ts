import { describe, expect, test } from 'vitest';
import { Budget } from '#lib/server/budget.ts';

const bounds = { totalBytes: 100, shareBytes: 60 };

describe('Budget', () => {
	test('gives an account its share, to the last byte', () => {
		const budget = new Budget(bounds);
		budget.take('ada', 60);
		expect(() => budget.take('ada', 1)).toThrow('in flight');
	});

	test('leaves one account what the share of another does not take', () => {
		const budget = new Budget(bounds);
		budget.take('ada', 60);
		budget.take('bob', 40);
		expect(() => budget.take('eve', 1)).toThrow('in flight');
	});

	test('counts nothing for what it refuses', () => {
		const budget = new Budget(bounds);
		expect(() => budget.take('ada', 61)).toThrow('in flight');
		budget.take('ada', 60);
	});

	test('has room again for what was given back', () => {
		const budget = new Budget(bounds);
		const release = budget.take('ada', 60);
		release();
		budget.take('ada', 60);
	});

	test('takes the same bytes back once only', () => {
		const budget = new Budget(bounds);
		const release = budget.take('ada', 30);
		budget.take('ada', 30);
		release();
		release();
		expect(() => budget.take('ada', 31)).toThrow('in flight');
	});
});
