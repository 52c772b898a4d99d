import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { actOf, type Pressed, type Where } from './shortcuts.ts';

const press = (key: string, held: Partial<Pressed> = {}): Pressed => ({
	key,
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	shiftKey: false,
	...held
});
const inList: Where = { typing: false, place: 'list', characterKeys: true, selection: false };

describe('actOf', () => {
	test.each([
		['/', 'search'],
		['j', 'down'],
		['k', 'up'],
		['c', 'copy'],
		['C', 'copy-as'],
		['r', 'reveal'],
		['e', 'edit'],
		['n', 'add'],
		['o', 'page'],
		['g', 'go'],
		['x', 'mark'],
		['.', 'more'],
		['#', 'trash'],
		['z', 'undo'],
		['?', 'help'],
		['L', 'lock']
	] as const)('takes %s in the list as %s', (key, act) => {
		expect(actOf(press(key), inList)).toBe(act);
	});

	test.each(['a', 'A', 'J', 'Enter', 'toString', '__proto__'])('takes %s as nothing', (key) => {
		expect(actOf(press(key), inList)).toBeUndefined();
	});

	test('leaves letters to a field', () => {
		expect(actOf(press('c'), { ...inList, typing: true })).toBeUndefined();
	});

	test('leaves letters alone beside the list', () => {
		expect(actOf(press('c'), { ...inList, place: 'elsewhere' })).toBeUndefined();
	});

	test('takes letters on a page without a list', () => {
		expect(actOf(press('g'), { ...inList, place: 'page' })).toBe('go');
		expect(actOf(press('z'), { ...inList, place: 'page', typing: true })).toBeUndefined();
	});

	test('copies by Ctrl+C in the list only', () => {
		const copying = press('c', { ctrlKey: true });
		expect(actOf(copying, { ...inList, place: 'page' })).toBeUndefined();
	});

	test('leaves letters alone where they are turned off', () => {
		expect(actOf(press('j'), { ...inList, characterKeys: false })).toBeUndefined();
	});

	test('goes back by Escape from a field too', () => {
		expect(actOf(press('Escape'), { ...inList, typing: true })).toBe('back');
	});

	test('goes to the next region from everywhere', () => {
		expect(actOf(press('F6'), { ...inList, place: 'elsewhere', typing: true })).toBe('region');
	});

	test('copies by Ctrl+C where nothing is selected', () => {
		expect(actOf(press('c', { ctrlKey: true }), inList)).toBe('copy');
	});

	test('opens the palette by Ctrl+K from everywhere, also where letters are turned off', () => {
		const typing: Where = { ...inList, typing: true, place: 'elsewhere', characterKeys: false };
		expect(actOf(press('k', { ctrlKey: true }), typing)).toBe('palette');
		expect(actOf(press('k', { metaKey: true }), typing)).toBe('palette');
		expect(actOf(press('K', { ctrlKey: true, shiftKey: true }), typing)).toBeUndefined();
	});

	test('leaves Ctrl+C to selected text', () => {
		expect(actOf(press('c', { ctrlKey: true }), { ...inList, selection: true })).toBeUndefined();
	});

	test('leaves the keys of the browser alone', () => {
		expect(actOf(press('n', { ctrlKey: true }), inList)).toBeUndefined();
	});
});

describe('what has a key that is a letter or a sign', () => {
	const pages = readdirSync('src', { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.svelte'))
		.map((file) => readFileSync(`src/${file}`, 'utf8'));
	const named = pages.flatMap((text) =>
		[...text.matchAll(/preferences\.letter\('(?:Shift\+)?(.)'\)/g)].map(([, key]) => key)
	);

	// `?` is said by the palette alone, which has no button for it; `j` and `k` are arrows.
	test.each(Array.from('/crengxoz.#CL'))('says that it is %s', (key) => {
		expect(named).toContain(key);
	});

	test('says so only while such keys act', () => {
		const always = /(?:keys|keyshortcuts|menuKeys)="(?:Shift\+)?[^"]"/;
		expect(pages.filter((text) => always.test(text))).toEqual([]);
	});
});
