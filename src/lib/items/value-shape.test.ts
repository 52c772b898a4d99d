import { describe, expect, test } from 'vitest';
import { looksLikeValue } from '#lib/items/value-shape.ts';

describe('looksLikeValue', () => {
	test.each([
		['a known provider’s', ['sk', 'test', 'a1'.repeat(12)].join('_')],
		['random letters', 'q7Zp'.concat('1kD0xW9vRt3mB8sL')],
		['a private key', `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----`]
	])('takes %s for one', (_what, text) => {
		expect(looksLikeValue(text)).toBe(true);
	});

	test.each([
		['', ''],
		['a word', 'stripe'],
		['several words', 'the key of the shop 2026 in production'],
		['the name of a variable', 'STRIPE_SECRET_KEY_OF_PRODUCTION'],
		['an address', 'https://dashboard.example.org/keys/42abcdefghijk'],
		['one letter very often', '1a'.repeat(500)]
	])('does not take %s for one', (_what, text) => {
		expect(looksLikeValue(text)).toBe(false);
	});
});
