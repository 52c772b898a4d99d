import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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

describe('Budget.wait', () => {
	/** What has been let go on, in its order. */
	let went: string[];

	beforeEach(() => {
		vi.useFakeTimers();
		went = [];
	});

	afterEach(() => {
		vi.useRealTimers();
	});

	function ask(budget: Budget, whom: string, sizeBytes: number): Promise<() => void> {
		const asked = budget.wait(whom, sizeBytes);
		asked.then(
			() => went.push(whom),
			() => undefined
		);
		return asked;
	}

	async function settled(): Promise<readonly string[]> {
		await vi.advanceTimersByTimeAsync(0);
		return went;
	}

	test('lets what fits go on at once', async () => {
		const budget = new Budget(bounds);
		await ask(budget, 'ada', 60);
		await ask(budget, 'bob', 40);
		expect(await settled()).toEqual(['ada', 'bob']);
	});

	test('lets the others go on in their order, as there comes to be room', async () => {
		const budget = new Budget(bounds);
		const release = budget.take('ada', 60);
		const other = budget.take('bob', 40);
		void ask(budget, 'carol', 50);
		void ask(budget, 'dan', 50);
		expect(await settled()).toEqual([]);
		release();
		expect(await settled()).toEqual(['carol']);
		other();
		expect(await settled()).toEqual(['carol', 'dan']);
	});

	test('holds up nothing that fits by what does not', async () => {
		const budget = new Budget(bounds);
		budget.take('ada', 60);
		void ask(budget, 'bob', 50);
		await ask(budget, 'carol', 40);
		expect(await settled()).toEqual(['carol']);
	});

	test('counts the room before another can take it', async () => {
		const budget = new Budget(bounds);
		const release = budget.take('ada', 60);
		void ask(budget, 'bob', 60);
		release();
		expect(() => budget.take('carol', 41)).toThrow('in flight');
		expect(await settled()).toEqual(['bob']);
	});

	test('refuses what found no room in time, and counts nothing for it', async () => {
		const budget = new Budget(bounds);
		const release = budget.take('ada', 60);
		const asked = expect(ask(budget, 'bob', 50)).rejects.toThrow('in flight');
		await vi.advanceTimersByTimeAsync(19_999);
		await vi.advanceTimersByTimeAsync(1);
		await asked;
		release();
		budget.take('bob', 60);
	});

	test('counts what waits for its account’s share', async () => {
		const budget = new Budget(bounds);
		budget.take('ada', 60);
		void ask(budget, 'bob', 50);
		await expect(ask(budget, 'bob', 11)).rejects.toThrow('in flight');
	});

	test('lets no more than so many wait', async () => {
		const budget = new Budget(bounds);
		budget.take('ada', 60);
		budget.take('bob', 40);
		for (let n = 0; n < 256; n++) void ask(budget, `one${n}`, 1).catch(() => undefined);
		await expect(ask(budget, 'eve', 1)).rejects.toThrow('in flight');
	});

	test('leaves room in the line beside one account, however little each of its lists is', async () => {
		const budget = new Budget(bounds);
		const release = budget.take('ada', 60);
		budget.take('bob', 40);
		for (let n = 0; n < 16; n++) void ask(budget, 'carol', 1);
		const late = expect(ask(budget, 'carol', 1)).rejects.toThrow('in flight');
		void ask(budget, 'dan', 44);
		await vi.advanceTimersByTimeAsync(0);
		await late;
		release();
		expect(await settled()).toEqual([...Array.from({ length: 16 }, () => 'carol'), 'dan']);
	});
});
