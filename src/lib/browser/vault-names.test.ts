import { describe, expect, test } from 'vitest';
import { isSameName } from '#lib/browser/vault-names.ts';

describe('isSameName', () => {
	test.each([' Work', 'work', 'WORK '])('takes %j for Work', (name) => {
		expect(isSameName(name, 'Work')).toBe(true);
	});

	test.each(['', 'Works', 'Wörk'])('does not take %j for Work', (name) => {
		expect(isSameName(name, 'Work')).toBe(false);
	});
});
