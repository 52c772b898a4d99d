import { describe, expect, test } from 'vitest';
import { lazily } from '#lib/keyholder/lazily.ts';

class Adder {
	readonly #start = 40;
	async add(number: number): Promise<number> {
		return await Promise.resolve(this.#start + number);
	}
}

describe('lazily', () => {
	test('loads nothing before a method is called', () => {
		let loads = 0;
		lazily(async () => {
			loads++;
			return await Promise.resolve(new Adder());
		});
		expect(loads).toBe(0);
	});

	test('answers as the object does, which is loaded once', async () => {
		let loads = 0;
		const adder = lazily(async () => {
			loads++;
			return await Promise.resolve(new Adder());
		});
		expect(await Promise.all([adder.add(1), adder.add(2)])).toEqual([41, 42]);
		expect(loads).toBe(1);
	});

	test('tries again after it did not load', async () => {
		let fails = true;
		const adder = lazily(async () => {
			await Promise.resolve();
			if (fails) throw new Error('not there');
			return new Adder();
		});
		await expect(adder.add(1)).rejects.toThrow('not there');
		fails = false;
		expect(await adder.add(1)).toBe(41);
	});
});
