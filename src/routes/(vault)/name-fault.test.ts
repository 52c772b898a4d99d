import { describe, expect, test } from 'vitest';
import * as m from '#lib/i18n/generated/messages.js';
import { NAME_LENGTH, parseSettings } from '#lib/items/settings.ts';
import { longName, nameFault } from './name-fault.ts';

function settingsWith(name: string) {
	return { v: 1, vaults: {}, views: [{ name }] };
}

describe('nameFault', () => {
	test('asks for a name', () => {
		expect(nameFault('', 'Give it a name.')).toBe('Give it a name.');
	});

	test('takes the longest name that settings hold', () => {
		const name = 'n'.repeat(NAME_LENGTH);
		expect(nameFault(name, '')).toBeUndefined();
		expect(parseSettings(settingsWith(name)).views).toEqual([{ name }]);
	});

	test.each([NAME_LENGTH + 1, 10_000])('says how many letters fit, of %d', (length) => {
		const name = 'n'.repeat(length);
		expect(nameFault(name, '')).toBe(m.name_long({ limit: NAME_LENGTH }));
		expect(() => parseSettings(settingsWith(name))).toThrow();
	});

	test('says nothing of no name where none is needed', () => {
		expect(longName('')).toBeUndefined();
	});
});
