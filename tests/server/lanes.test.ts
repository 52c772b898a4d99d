/** The order of writes to a libSQL server. */
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { WriteLanes } from '#lib/server/db/lanes.ts';
import { ServerError } from '#lib/server/errors.ts';

const never = new Promise<never>(() => undefined);

function noted() {
	const steps: string[] = [];
	const write = (name: string) => async () => {
		steps.push(`${name} begins`);
		await wait(5);
		steps.push(`${name} ends`);
	};
	return { steps, write };
}

describe('WriteLanes', () => {
	test('runs writes of one chain one after another, in order', async () => {
		const { steps, write } = noted();
		const lanes = new WriteLanes();
		await Promise.all([
			lanes.run(write('a'), undefined, ['chain']),
			lanes.run(write('b'), undefined, ['chain'])
		]);
		expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
	});

	test('runs a write of two chains after those of both', async () => {
		const { steps, write } = noted();
		const lanes = new WriteLanes();
		await Promise.all([
			lanes.run(write('a'), undefined, ['one']),
			lanes.run(write('b'), undefined, ['two']),
			lanes.run(write('c'), undefined, ['one', 'two'])
		]);
		expect(steps.slice(-2)).toEqual(['c begins', 'c ends']);
	});

	test('runs writes of other chains, and of none, side by side', async () => {
		const { steps, write } = noted();
		const lanes = new WriteLanes();
		await Promise.all([
			lanes.run(write('a'), undefined, ['one']),
			lanes.run(write('b'), undefined, ['two']),
			lanes.run(write('c'))
		]);
		expect(steps.slice(0, 3).sort()).toEqual(['a begins', 'b begins', 'c begins']);
	});

	test('runs sixty-four at once, and the others when there is a place', async () => {
		const lanes = new WriteLanes();
		let running = 0;
		let most = 0;
		const write = async () => {
			most = Math.max(most, ++running);
			await wait(1);
			running--;
		};
		await Promise.all(Array.from({ length: 200 }, () => lanes.run(write)));
		expect({ most, running }).toEqual({ most: 64, running: 0 });
	});

	test('goes on in a chain after a write that failed', async () => {
		const lanes = new WriteLanes();
		const failed = lanes.run(() => Promise.reject(new Error('no')), undefined, ['chain']);
		const next = lanes.run(() => Promise.resolve('yes'), undefined, ['chain']);
		await expect(failed).rejects.toThrow('no');
		expect(await next).toBe('yes');
	});

	test('gives up a write that does not answer', async () => {
		await expect(new WriteLanes(10).run(() => never)).rejects.toMatchObject({ code: 'busy' });
	});

	test('waits longer for its turn than a write may take', async () => {
		const lanes = new WriteLanes(20);
		let answer: (() => void) | undefined;
		const slow = lanes.run(() => new Promise<void>((resolve) => (answer = resolve)), 60_000, ['c']);
		const next = lanes.run(() => Promise.resolve('next'), undefined, ['c']);
		// The timers of one thread fire in the order of their times, however late.
		await wait(30);
		answer?.();
		await slow;
		expect(await next).toBe('next');
	});

	test('never begins a write whose time ran out while it waited', async () => {
		const lanes = new WriteLanes(10);
		let answer: (() => void) | undefined;
		const slow = lanes.run(() => new Promise<void>((resolve) => (answer = resolve)), 60_000, ['c']);
		let begun = false;
		const late = lanes.run(() => Promise.resolve((begun = true)), undefined, ['c']);
		await expect(late).rejects.toMatchObject({ code: 'busy' });
		answer?.();
		await slow;
		await lanes.close();
		expect(begun).toBe(false);
	});

	test('is busy when a thousand wait', async () => {
		const lanes = new WriteLanes(3_600_000);
		for (let n = 0; n < 1_000; n++) lanes.run(() => never).catch(() => undefined);
		await expect(lanes.run(() => Promise.resolve())).rejects.toThrow(ServerError);
	});

	test('tells how many are not done, and since when', async () => {
		const lanes = new WriteLanes();
		expect(lanes.queued()).toEqual({ waiting: 0, oldestMs: 0 });
		let answer: (() => void) | undefined;
		const write = lanes.run(() => new Promise<void>((resolve) => (answer = resolve)));
		expect(lanes.queued().waiting).toBe(1);
		await wait(1);
		expect(lanes.queued().oldestMs).toBeGreaterThan(0);
		answer?.();
		await write;
		await lanes.close();
		expect(lanes.queued().waiting).toBe(0);
	});

	test('takes nothing more once it is closed, and has done the rest', async () => {
		const { steps, write } = noted();
		const lanes = new WriteLanes();
		const asked = lanes.run(write('a'));
		await lanes.close();
		await asked;
		expect(steps).toEqual(['a begins', 'a ends']);
		await expect(lanes.run(() => Promise.resolve())).rejects.toMatchObject({ code: 'busy' });
	});
});
