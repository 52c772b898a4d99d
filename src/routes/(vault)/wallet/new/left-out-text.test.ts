import { describe, expect, test } from 'vitest';
import * as m from '#lib/i18n/generated/messages.js';
import { readPasted } from '#lib/items/paste.ts';
import { leftOutText } from './left-out-text.ts';

describe('leftOutText', () => {
	test('says nothing where nothing was left out', () => {
		expect(leftOutText(readPasted('A=1'))).toBeUndefined();
	});

	test('names what has a name, and lines that have none by their numbers', () => {
		const text = leftOutText(readPasted('\nA=1\nEMPTY=\nthe key of the shop:\nB=2'));
		expect(text).toBe(m.add_skipped_which({ which: 'EMPTY, line 4' }));
	});

	test('counts those that are too many to be named', () => {
		const text = leftOutText(readPasted(`A=1\n${'X=\n'.repeat(7)}`));
		expect(text).toBe(m.add_skipped_which({ which: 'X, X, X, X, X, 2 more' }));
	});

	test('counts what of JSON was left out', () => {
		expect(leftOutText(readPasted('{"token":"abc","port":3000}'))).toBe(
			m.add_skipped({ count: 1 })
		);
	});
});
