/** Turns of the event loop: what waits for one does not have them all in one go. */
import { setImmediate as nextLoop } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { WriteQueue } from '#lib/server/db/queue.ts';
import { nextTurn } from '#lib/server/turns.ts';
import { nextTurn as nextTurnAtTheDoor } from '../../serve/turns.js';

/** How often the event loop has gone round, counted while `work` goes on. */
async function counting(work: (rounds: () => number) => Promise<unknown>): Promise<void> {
	let rounds = 0;
	const going = { on: true };
	const counter = (async () => {
		while (going.on) {
			await nextLoop();
			rounds++;
		}
	})();
	await work(() => rounds);
	going.on = false;
	await counter;
}

describe.each([
	['the program', nextTurn],
	['the front door', nextTurnAtTheDoor]
])('turns of %s', (_, next) => {
	test('are one in each round of the event loop', async () => {
		await counting(async (rounds) => {
			const when = await Promise.all(Array.from({ length: 5 }, () => next().then(rounds)));
			expect(new Set(when).size).toBe(5);
		});
	});

	test('are given in the order in which they were asked for', async () => {
		const steps: string[] = [];
		const first = next().then(async () => {
			steps.push('first');
			await next();
			steps.push('first once more');
		});
		await Promise.all([first, next().then(() => steps.push('second'))]);
		expect(steps).toEqual(['first', 'second', 'first once more']);
	});
});

describe('writes to a file', () => {
	test('have a round of the event loop each', async () => {
		const queue = new WriteQueue();
		await counting(async (rounds) => {
			const write = () => Promise.resolve(rounds());
			const when = await Promise.all(Array.from({ length: 5 }, () => queue.run(write)));
			expect(new Set(when).size).toBe(5);
		});
	});
});
