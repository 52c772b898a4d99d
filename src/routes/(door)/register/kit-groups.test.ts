import { describe, expect, test } from 'vitest';
import { groupsOf, isGroup, numberedGroups, twoGroups } from './kit-groups.ts';

describe('groupsOf', () => {
	test('leaves the name of the format out', () => {
		expect(groupsOf('KH1-7KQM-W3XD')).toEqual(['7KQM', 'W3XD']);
	});
});

describe('numberedGroups', () => {
	test('says which group is which', () => {
		const kit = ['KH1', ...Array.from('ABCDEFGHJ').map((letter) => letter.repeat(4))].join('-');
		expect(numberedGroups(kit)).toBe(
			[
				'1  AAAA     2  BBBB     3  CCCC',
				'4  DDDD     5  EEEE     6  FFFF',
				'7  GGGG     8  HHHH     9  JJJJ'
			].join('\n')
		);
	});
});

describe('twoGroups', () => {
	test('never asks for one group twice', () => {
		const pairs = Array.from({ length: 81 }, (_, n) => twoGroups(9, [n % 9, Math.floor(n / 9)]));
		expect(pairs.every(([one, other]) => one !== other)).toBe(true);
	});

	test('asks in the order of the sheet', () => {
		expect(twoGroups(9, [8, 0])).toEqual([0, 8]);
	});
});

describe('isGroup', () => {
	test('takes small letters and spaces', () => {
		expect(isGroup(' 9h tb', '9HTB')).toBe(true);
	});

	test('takes letters that look like digits', () => {
		expect(isGroup('O1Li', '0111')).toBe(true);
	});

	test('takes no other group', () => {
		expect(isGroup('9HTC', '9HTB')).toBe(false);
	});
});
