import { describe, expect, test } from 'vitest';
import { ItemError } from '#lib/items/key.ts';
import { newSettings, parseSettings, readSettings, withPasskeyName } from '#lib/items/settings.ts';

describe('parseSettings', () => {
	test('reads those of a new account', () => {
		const settings = newSettings('vault', 'Personal');
		expect(parseSettings(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
	});

	test('reads settings of another client that has no vault names', () => {
		expect(parseSettings({ v: 1, theme: 'dark' })).toEqual({ v: 1, theme: 'dark', vaults: {} });
	});

	test('keeps unknown members at every level', () => {
		const json = {
			v: 1,
			later: 1,
			vaults: { a: { name: 'A', colour: 2 } },
			autoLock: { idleMinutes: 5, onMoon: true },
			name: 'Ada',
			passkeys: { b: { name: 'Phone', colour: 3 } }
		};
		expect(parseSettings(json)).toEqual(json);
	});

	test.each([
		['a theme of its own', { v: 1, theme: 'pink' }],
		['no idle time at all', { v: 1, autoLock: { idleMinutes: 0 } }],
		['two days of idle time', { v: 1, autoLock: { idleMinutes: 2_880 } }],
		['a clipboard that stays an hour', { v: 1, clipboardSeconds: 3_600 }],
		['a vault without a name', { v: 1, vaults: { a: {} } }],
		['a switch that is a number', { v: 1, characterKeys: 1 }],
		['a person whose name is a page long', { v: 1, name: 'x'.repeat(101) }],
		['a passkey without a name', { v: 1, passkeys: { a: {} } }],
		[
			'more passkeys than one account can have had',
			{
				v: 1,
				passkeys: Object.fromEntries(Array.from({ length: 65 }, (_, id) => [id, { name: 'x' }]))
			}
		]
	])('refuses %s', (_what, json) => {
		expect(() => parseSettings(json)).toThrow(ItemError);
	});
});

describe('withPasskeyName', () => {
	test('names one passkey, and leaves what it does not know', () => {
		const settings = parseSettings({ v: 1, passkeys: { a: { name: 'A', colour: 2 } } });
		expect(withPasskeyName(settings, 'a', 'B').passkeys).toEqual({ a: { name: 'B', colour: 2 } });
		expect(withPasskeyName(settings, 'b', 'C').passkeys).toMatchObject({ b: { name: 'C' } });
	});

	test.each(['', '  ', 'x'.repeat(101)])('refuses %j', (name) => {
		expect(() => withPasskeyName({ v: 1, vaults: {} }, 'a', name)).toThrow(ItemError);
	});
});

describe('readSettings', () => {
	test.each([
		['theme', 'pink'],
		['language', 7],
		['density', null],
		['autoLock', { idleMinutes: 2_880 }],
		['clipboardSeconds', 3_600],
		['characterKeys', 1]
	])('takes a %s that it cannot read for none', (name, value) => {
		const rest = { v: 1, vaults: { a: { name: 'A' } }, later: [1] };
		expect(readSettings({ ...rest, [name]: value })).toEqual(rest);
	});

	test('takes every preference that it can read', () => {
		const preferences = { theme: 'dark', language: 'de', density: 'compact', characterKeys: false };
		const json = { v: 1, vaults: {}, ...preferences, clipboardSeconds: 45, autoLock: {} };
		expect(readSettings(json)).toEqual(json);
	});

	test.each([
		['another version', { v: 2 }],
		['no version', {}],
		['a vault without a name', { v: 1, vaults: { a: {} } }]
	])('refuses %s', (_what, json) => {
		expect(() => readSettings(json)).toThrow(ItemError);
	});
});

describe('views', () => {
	const view = {
		name: 'Due in production',
		environments: ['production'],
		due: true,
		sort: 'expiry'
	};

	test('are read as they were written, with members of a newer version', () => {
		const json = { v: 1, vaults: {}, views: [{ ...view, colour: 'teal' }] };
		expect(readSettings(json).views).toEqual([{ ...view, colour: 'teal' }]);
	});

	test.each([
		['without a name', [{ due: true }]],
		['with an order that is none', [{ ...view, sort: 'mood' }]],
		['with a facet that is no list', [{ ...view, tags: 'x' }]],
		['that are too many', Array.from({ length: 51 }, () => view)]
	])('%s cannot be read, and the settings are', (_what, views) => {
		expect(readSettings({ v: 1, vaults: {}, views, theme: 'dark' })).toEqual({
			v: 1,
			vaults: {},
			theme: 'dark'
		});
	});
});
