import { describe, expect, test } from 'vitest';
import { findLack, knowsPasskeys } from '#lib/browser/support.ts';

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

describe('knowsPasskeys', () => {
	const platform = { PublicKeyCredential: () => undefined };

	test.each(['keys.example.org', 'localhost'])('is so at %s', (host) => {
		expect(knowsPasskeys(host, platform)).toBe(true);
	});

	test.each(['192.168.1.20', '[::1]'])('is not so at the address %s', (host) => {
		expect(knowsPasskeys(host, platform)).toBe(false);
	});

	test('is not so where the browser has none', () => {
		expect(knowsPasskeys('localhost', {})).toBe(false);
	});
});
