import { describe, expect, test } from 'vitest';
import { expiryText } from './expiry-text.ts';

describe('expiryText', () => {
	test('says in the whole that a key expires where the text leaves it out', () => {
		const said = expiryText({ kind: 'later', day: '2026-06-10', days: 92 });
		expect(said).toEqual({ text: 'in 3 months', whole: 'expires in 3 months' });
	});

	test('says of a rotation that it is one', () => {
		const said = expiryText({ kind: 'rotate-later', day: '2026-06-10', days: 92 });
		expect(said).toEqual({ text: 'rotate in 3 months' });
	});
});
