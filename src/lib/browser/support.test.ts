import { describe, expect, test } from 'vitest';
import { findLack } from '#lib/browser/support.ts';

const WHOLE = {
	isSecureContext: true,
	crypto: { subtle: {} },
	WebAssembly: {},
	Worker: {},
	indexedDB: {}
};

describe('findLack', () => {
	test('finds none where everything is there', async () => {
		expect(await findLack(WHOLE)).toBeUndefined();
	});

	test.each([
		['insecure', { isSecureContext: false, crypto: {} }],
		['webcrypto', { crypto: {} }],
		['wasm', { WebAssembly: undefined }],
		['worker', { Worker: undefined }],
		['storage', { indexedDB: undefined }]
	])('finds %s', async (lack, members) => {
		expect(await findLack({ ...WHOLE, ...members })).toBe(lack);
	});

	test('finds a browser that cannot sign', async () => {
		expect(await findLack(WHOLE, () => Promise.resolve(false))).toBe('ed25519');
	});
});
