import { describe, expect, test } from 'vitest';
import { ahead } from '#lib/keyholder/ahead.ts';

const LIST = [0, 1, 2, 3, 4];

/** Work that is done, or fails, when it is told so: in any order. */
class Desk {
	readonly begun: number[] = [];
	readonly #done = new Map<number, (result: string) => void>();
	readonly #failed = new Map<number, (error: Error) => void>();

	readonly work = (piece: number): Promise<string> => {
		this.begun.push(piece);
		return new Promise((resolve, reject) => {
			this.#done.set(piece, resolve);
			this.#failed.set(piece, reject);
		});
	};

	finish(piece: number): void {
		this.#done.get(piece)?.(`done ${piece}`);
	}

	fail(piece: number): void {
		this.#failed.get(piece)?.(new Error(`failed ${piece}`));
	}
}

describe('working ahead', () => {
	test.each([1, 2, 5, 9])('gives results in the order of the list, %d at once', async (most) => {
		const results: string[] = [];
		const work = async (piece: number) => {
			// The later ones are done first.
			for (let wait = LIST.length; wait > piece; wait--) await Promise.resolve();
			return `done ${piece}`;
		};
		for await (const result of ahead(LIST, most, work)) results.push(result);
		expect(results).toEqual(LIST.map((piece) => `done ${piece}`));
	});

	test('begins as many at once as it may, and the next when half of them are taken', async () => {
		const desk = new Desk();
		const results = ahead(LIST, 4, desk.work);
		const first = results.next();
		expect(desk.begun).toEqual([0, 1, 2, 3]);
		desk.finish(0);
		expect(await first).toEqual({ value: 'done 0', done: false });
		desk.finish(1);
		expect((await results.next()).value).toBe('done 1');
		expect(desk.begun).toEqual([0, 1, 2, 3]);
		desk.finish(2);
		expect((await results.next()).value).toBe('done 2');
		expect(desk.begun).toEqual([0, 1, 2, 3, 4]);
	});

	test('ends with the first failure of the list, whichever came first', async () => {
		const desk = new Desk();
		const results = ahead(LIST, 3, desk.work);
		const first = results.next();
		desk.fail(2);
		desk.fail(1);
		desk.finish(0);
		expect((await first).value).toBe('done 0');
		await expect(results.next()).rejects.toThrow('failed 1');
		expect(await results.next()).toEqual({ value: undefined, done: true });
	});

	test('ends at once where there is nothing', async () => {
		expect(await ahead([], 3, new Desk().work).next()).toEqual({ value: undefined, done: true });
	});
});
