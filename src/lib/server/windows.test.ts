import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WindowStore } from '#lib/server/windows.ts';

const NOW = 1_800_000_000_000;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

afterEach(() => {
	vi.useRealTimers();
});

describe('WindowStore', () => {
	test('counts each key alone', () => {
		const store = new WindowStore(10);
		store.add('a', 1_000);
		expect(store.add('a', 1_000)).toBe(2);
		expect(store.add('b', 1_000)).toBe(1);
	});

	test('ends a window when the first try in it is that old, whatever came since', () => {
		const store = new WindowStore(10);
		store.add('a', 1_000);
		vi.setSystemTime(NOW + 999);
		expect(store.add('a', 1_000)).toBe(2);
		expect(store.endsAtMs('a')).toBe(NOW + 1_000);
		vi.setSystemTime(NOW + 1_000);
		expect(store.add('a', 1_000)).toBe(1);
		expect(store.endsAtMs('a')).toBe(NOW + 2_000);
	});

	test('forgets the window that ends first when there are too many', () => {
		const store = new WindowStore(2);
		for (const key of ['a', 'b', 'c']) store.add(key, 1_000);
		expect(store.add('b', 1_000)).toBe(2);
		expect(store.add('a', 1_000)).toBe(1);
	});

	test('ends a window that only a clock far ahead can have opened', () => {
		const store = new WindowStore(10);
		vi.setSystemTime(NOW + 86_400_000);
		store.add('a', 1_000);
		vi.setSystemTime(NOW);
		expect(store.add('a', 1_000)).toBe(1);
		expect(store.endsAtMs('a')).toBe(NOW + 1_000);
	});

	test('keeps a window when the clock goes back a little', () => {
		const store = new WindowStore(10);
		store.add('a', 1_000);
		vi.setSystemTime(NOW - 500);
		expect(store.add('a', 1_000)).toBe(2);
	});

	test('has no window after it was cleared', () => {
		const store = new WindowStore(2);
		store.add('a', 1_000);
		store.clear();
		expect(store.endsAtMs('a')).toBe(NOW);
	});

	describe('shared with another process', () => {
		test('tells what was counted since it was told last', () => {
			const store = new WindowStore(10);
			for (let n = 0; n < 3; n++) store.add('a', 1_000);
			const [first] = store.unshared(1);
			expect(first).toMatchObject({ key: 'a', added: 3 });
			first?.settle(3, NOW + 1_000);
			expect(store.unshared(1)).toEqual([]);
			store.add('a', 1_000);
			expect(store.unshared(1)).toMatchObject([{ key: 'a', added: 1 }]);
		});

		test('goes on from what all counted, and ends when the window of all ends', () => {
			const store = new WindowStore(10);
			store.add('a', 1_000);
			store.unshared(1)[0]?.settle(41, NOW + 400);
			expect(store.add('a', 1_000)).toBe(42);
			expect(store.endsAtMs('a')).toBe(NOW + 400);
		});

		test('loses nothing that is counted while the others are told', () => {
			const store = new WindowStore(10);
			store.add('a', 1_000);
			const [told] = store.unshared(1);
			store.add('a', 1_000);
			told?.settle(10, NOW + 1_000);
			expect(store.unshared(1)).toMatchObject([{ added: 1 }]);
			expect(store.add('a', 1_000)).toBe(12);
		});

		test('tells again what could not be told', () => {
			const store = new WindowStore(10);
			store.add('a', 1_000);
			store.unshared(1);
			expect(store.unshared(1)).toMatchObject([{ added: 1 }]);
		});

		test('tells when it ends here, and nothing once it has ended', () => {
			const store = new WindowStore(10);
			store.add('a', 1_000);
			expect(store.unshared(1)).toMatchObject([{ endsAtMs: NOW + 1_000 }]);
			vi.setSystemTime(NOW + 1_000);
			expect(store.unshared(1)).toEqual([]);
		});

		test('keeps what is far from its limit to itself', () => {
			const store = new WindowStore(10);
			store.add('a', 1_000);
			expect(store.unshared(2)).toEqual([]);
			store.add('a', 1_000);
			expect(store.unshared(2)).toMatchObject([{ added: 2 }]);
		});
	});
});
