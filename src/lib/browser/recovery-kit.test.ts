import { describe, expect, test } from 'vitest';
import { intoGroups, kitFault, kitSymbols } from '#lib/browser/recovery-kit.ts';

/** Of docs/protocol.md, 13. */
const KIT = 'KH1-000G-40R4-0M30-E209-185G-R38E-1W81-24GK-8ZN5';
const GROUPS = KIT.split('-').slice(1);
const EMPTY = GROUPS.map(() => '');

describe('kitSymbols', () => {
	test('leaves the name of the format, spaces, dashes and small letters out', () => {
		expect(kitSymbols(KIT.toLowerCase().replaceAll('-', ' - '))).toBe(GROUPS.join(''));
	});

	test('finds the written kit in the whole text of its file, as a field has it: in one line', () => {
		const file = `Account  ada@example.org\nMade on  29 November 2026\n\n${KIT}\n\n1  000G     2  40R4`;
		expect(kitSymbols(file)).toBe(GROUPS.join(''));
		expect(kitSymbols(file.replaceAll('\n', ''))).toBe(GROUPS.join(''));
	});

	test('chooses none of two kits that were pasted together', () => {
		const other = KIT.replace(GROUPS[0] ?? '', 'ZZZZ');
		expect(kitSymbols(`old ${KIT}\nnew ${other}`)).not.toBe(GROUPS.join(''));
	});

	test('keeps a group that only looks like the name', () => {
		expect(kitSymbols('KH1A')).toBe('KH1A');
	});
});

describe('intoGroups', () => {
	test('spreads a kit pasted anywhere over all groups', () => {
		expect(intoGroups(EMPTY, 4, KIT)).toEqual(GROUPS);
	});

	test('writes one group and leaves the others', () => {
		expect(intoGroups(GROUPS, 2, 'ab c')).toEqual(GROUPS.with(2, 'ABC'));
	});

	test('drops a symbol that was typed into a full group', () => {
		expect(intoGroups(GROUPS, 2, '0M3X0')).toEqual(GROUPS.with(2, '0M3X'));
	});

	test('lets what is pasted flow on into the next groups', () => {
		expect(intoGroups(EMPTY, 7, '24GK8ZN5')).toEqual(EMPTY.with(7, '24GK').with(8, '8ZN5'));
	});

	test('empties a group', () => {
		expect(intoGroups(GROUPS, 0, '')).toEqual(GROUPS.with(0, ''));
	});
});

describe('kitFault', () => {
	test('finds nothing in a whole kit', async () => {
		expect(await kitFault(GROUPS)).toBeUndefined();
	});

	test('takes letters that look like digits', async () => {
		expect(await kitFault(GROUPS.with(0, 'OOOG'))).toBeUndefined();
	});

	test.each(['000', ''])('misses symbols in a group of %o', async (group) => {
		expect(await kitFault(GROUPS.with(0, group))).toBe('missing');
	});

	test.each(['000H', 'G000', 'UUUU'])('finds a slip of the pen in %s', async (group) => {
		expect(await kitFault(GROUPS.with(0, group))).toBe('check');
	});
});
