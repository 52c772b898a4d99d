import { describe, expect, test } from 'vitest';
import { keepStorage } from '#lib/browser/device/keep.ts';

function storage(persist: () => Promise<boolean>): StorageManager {
	return { persist } as StorageManager;
}

describe('keepStorage', () => {
	test('answers as the browser does', async () => {
		expect(await keepStorage(storage(() => Promise.resolve(true)))).toBe(true);
		expect(await keepStorage(storage(() => Promise.resolve(false)))).toBe(false);
	});

	test('breaks nothing where the browser refuses, or cannot be asked', async () => {
		expect(await keepStorage(storage(() => Promise.reject(new Error('no'))))).toBe(false);
		expect(await keepStorage({} as StorageManager)).toBe(false);
		expect(await keepStorage(undefined)).toBe(false);
	});
});
