import { describe, expect, test } from 'vitest';
import * as m from '#lib/i18n/generated/messages.js';
import { NAME_LENGTH, parseSettings } from '#lib/items/settings.ts';
import { viewNameFault } from './view-name.ts';

function settingsWith(name: string) {
	return { v: 1, vaults: {}, views: [{ name }] };
}

describe('viewNameFault', () => {
	test('asks for a name', () => {
		expect(viewNameFault('')).toBe(m.views_name_missing());
	});

	test('takes the longest name that settings hold', () => {
		const name = 'n'.repeat(NAME_LENGTH);
		expect(viewNameFault(name)).toBeUndefined();
		expect(parseSettings(settingsWith(name)).views).toEqual([{ name }]);
	});

	test.each([NAME_LENGTH + 1, 10_000])('says how many letters fit, of %d', (length) => {
		const name = 'n'.repeat(length);
		expect(viewNameFault(name)).toBe(m.views_name_long({ limit: NAME_LENGTH }));
		expect(() => parseSettings(settingsWith(name))).toThrow();
	});
});
