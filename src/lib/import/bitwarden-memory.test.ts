import { expect, test, vi } from 'vitest';
import { openBitwarden } from '#lib/import/bitwarden-encrypted.ts';

vi.mock('hash-wasm', () => ({
	argon2id: () => Promise.reject(new RangeError('Invalid typed array length: 1073741824'))
}));

test('openBitwarden says it where the memory that a file asks for is not to be had', async () => {
	const costs = { kdfType: 1, kdfIterations: 3, kdfMemory: 1_024, kdfParallelism: 4 };
	await expect(openBitwarden({ salt: 'c2FsdA==', ...costs }, 'x')).rejects.toMatchObject({
		code: 'memory'
	});
});
