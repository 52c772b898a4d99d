import { describe, expect, test } from 'vitest';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { Life } from '#lib/keyholder/life.ts';
import { refusal } from '../../../tests/refusals.ts';

const NEVER = new Promise<never>(() => undefined);

describe('a life', () => {
	test('runs one thing after another, in the order that they were asked for', async () => {
		const life = new Life();
		const log: string[] = [];
		const work = (name: string, ticks: number) => async () => {
			log.push(`${name} begins`);
			for (let i = 0; i < ticks; i++) await Promise.resolve();
			log.push(`${name} ends`);
		};
		await Promise.all([life.queue(work('a', 50)), life.queue(work('b', 1))]);
		expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
	});

	test('goes on after something failed', async () => {
		const life = new Life();
		const failed = life.queue(() => Promise.reject(new Error('failed')));
		const next = life.queue(() => Promise.resolve('next'));
		await expect(failed).rejects.toThrow('failed');
		expect(await next).toBe('next');
	});

	test('ends everything that is under way or waits, at once', async () => {
		const life = new Life();
		const stuck = life.queue(() => NEVER);
		const waiting = life.queue(() => Promise.resolve(1));
		life.end();
		await expect(stuck).rejects.toMatchObject(refusal('locked'));
		await expect(waiting).rejects.toMatchObject(refusal('locked'));
	});

	test('takes nothing up after its end', async () => {
		const life = new Life();
		life.end();
		let begun = false;
		const work = () => {
			begun = true;
			return Promise.resolve();
		};
		await expect(life.queue(work)).rejects.toMatchObject(refusal('locked'));
		expect(begun).toBe(false);
	});

	test('does not hand out what finished after its end', async () => {
		const life = new Life();
		let finish: (value: string) => void = () => undefined;
		const result = life.queue(
			() =>
				new Promise<string>((resolve) => {
					finish = resolve;
				})
		);
		await Promise.resolve();
		life.end();
		finish('late');
		await expect(result).rejects.toMatchObject(refusal('locked'));
	});

	test('tells everybody the first fault that it was stopped for', async () => {
		const life = new Life();
		life.stop(new KeyholderError('fork', 'first'));
		life.stop(new KeyholderError('integrity', 'second'));
		await expect(life.queue(() => Promise.resolve())).rejects.toMatchObject(refusal('fork'));
	});
});
