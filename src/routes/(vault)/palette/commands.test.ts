import { describe, expect, test } from 'vitest';
import { fitting, spokenKeys } from './commands.ts';

const COMMANDS = ['Lock', 'New vault', 'Show the vault Work', 'Settings'].map((label) => ({
	...{ id: label, label },
	act: () => undefined
}));

function found(query: string): readonly string[] {
	return fitting(COMMANDS, query).map(({ label }) => label);
}

describe('fitting', () => {
	test('is all of them, in their order, before anything is typed', () => {
		expect(found(' ')).toHaveLength(COMMANDS.length);
	});

	test('wants every word, wherever it stands', () => {
		expect(found('work vault')).toEqual(['Show the vault Work']);
	});

	test('puts first what begins so', () => {
		expect(found('s')).toEqual(['Show the vault Work', 'Settings']);
		expect(found('lo')).toEqual(['Lock']);
	});

	test('does not mind capitals', () => {
		expect(found('VAULT')).toEqual(['New vault', 'Show the vault Work']);
	});

	test('is nothing where nothing fits', () => {
		expect(found('zebra')).toEqual([]);
	});
});

describe('spokenKeys', () => {
	test.each([
		[['c'], 'c'],
		[['Shift', 'L'], 'Shift+L'],
		[[], undefined],
		[['g', 'w'], undefined]
	])('says %s as %s', (caps, said) => {
		expect(spokenKeys(caps)).toBe(said);
	});
});
