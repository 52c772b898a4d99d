import { describe, expect, test } from 'vitest';
import {
	choicesOf,
	filtered,
	hasChoice,
	narrows,
	toggled,
	unfiltered,
	withGrouping
} from '#lib/browser/key-filters.ts';
import { grouped, sorted } from '#lib/browser/key-groups.ts';
import { listKeys } from '#lib/browser/search.ts';
import { rowOf } from '../../../tests/browser/keys.ts';

const NOW = new Date(2026, 2, 10, 12).getTime();
const KEYS = listKeys(
	[
		rowOf('a', { project: 'shop', environment: 'production', provider: 'stripe', createdAt: 3 }),
		rowOf('b', { project: 'shop', tags: ['x', 'y'], provider: 'aws', createdAt: 9 }),
		rowOf('c', { project: 'atlas', tags: ['y'], changedAt: 7, expiresOn: '2026-12-01' }),
		rowOf('d', { expiresOn: '2026-03-12', environment: 'production' })
	],
	NOW
);

function names(keys: readonly (typeof KEYS)[number][]): string {
	return keys.map(({ row }) => row.overview.name).join('');
}

describe('filtered', () => {
	test.each([
		['nothing', {}, 'dabc'],
		['a project', { projects: ['shop'] }, 'ab'],
		['one of two projects', { projects: ['shop', 'atlas'] }, 'abc'],
		['a project and a tag', { projects: ['shop'], tags: ['y'] }, 'b'],
		['an environment', { environments: ['production'] }, 'da'],
		['a provider', { providers: ['aws'] }, 'b'],
		['what is due', { due: true }, 'd'],
		['an empty facet', { tags: [] }, 'dabc']
	])('by %s', (_what, view, left) => {
		expect(names(filtered(KEYS, view))).toBe(left);
	});
});

describe('hasChoice', () => {
	test('says whether there is a word that is not chosen yet', () => {
		expect(hasChoice(KEYS, 'tags')).toBe(true);
		expect(hasChoice(KEYS, 'tags', ['x'])).toBe(true);
		expect(hasChoice(KEYS, 'tags', ['x', 'y'])).toBe(false);
		expect(hasChoice([], 'projects')).toBe(false);
	});
});

describe('choicesOf', () => {
	test('names each word once, in order', () => {
		expect(choicesOf(KEYS, 'projects')).toEqual(['atlas', 'shop']);
		expect(choicesOf(KEYS, 'tags')).toEqual(['x', 'y']);
	});

	test('keeps to the most usual ones where there are very many', () => {
		const many = Array.from({ length: 300 }, (_, i) => rowOf(`k${i}`, { project: `p${i}` }));
		const keys = listKeys([...many, rowOf('z', { project: 'p299' })], NOW);
		expect(choicesOf(keys, 'projects')).toHaveLength(200);
		expect(choicesOf(keys, 'projects')).toContain('p299');
	});
});

describe('a view', () => {
	test('takes a word on and off', () => {
		const on = toggled({}, 'tags', 'x');
		expect(on).toEqual({ tags: ['x'] });
		expect(toggled(on, 'tags', 'x')).toEqual({ tags: [] });
	});

	test('narrows by words, by what is due and by the archive, not by its order', () => {
		expect(narrows({ tags: ['x'] })).toBe(true);
		expect(narrows({ due: true })).toBe(true);
		expect(narrows({ archived: true })).toBe(true);
		expect(narrows({ tags: [], sort: 'added', group: 'project' })).toBe(false);
	});

	test('keeps its order when every key is shown again', () => {
		expect(unfiltered({ tags: ['x'], due: true, sort: 'added' })).toEqual({ sort: 'added' });
	});

	test('has groups or none', () => {
		expect(withGrouping({ due: true }, 'project')).toEqual({ due: true, group: 'project' });
		expect(withGrouping({ group: 'project' }, undefined)).toEqual({});
	});
});

describe('sorted', () => {
	test.each([
		['name', 'dabc'],
		['added', 'badc'],
		['changed', 'cdab'],
		['expiry', 'dcab'],
		['provider', 'dcba']
	] as const)('by %s', (by, order) => {
		const keys = by === 'added' ? sorted(KEYS, by).slice(0, 2) : sorted(KEYS, by);
		expect(names(keys)).toBe(by === 'added' ? order.slice(0, 2) : order);
	});
});

describe('grouped', () => {
	function shown(grouping?: 'project') {
		return grouped(KEYS, grouping).map(({ kind, name, keys }) => [name ?? kind, names(keys)]);
	}

	test('sets what is due apart', () => {
		expect(shown()).toEqual([
			['due', 'd'],
			['rest', 'abc']
		]);
	});

	test.each([
		['provider', ['due d', 'AWS b', 'Stripe a', 'none c']],
		['environment', ['due d', 'production a', 'none bc']]
	] as const)('puts them by %s, called as people call it', (by, expected) => {
		const groups = grouped(KEYS, by);
		expect(groups.map(({ kind, name, keys }) => `${name ?? kind} ${names(keys)}`)).toEqual(
			expected
		);
	});

	test('puts projects in order below it, and last what has none', () => {
		const more = [...KEYS, ...listKeys([rowOf('e')], NOW)];
		const groups = grouped(more, 'project');
		expect(groups.map(({ kind, name, keys }) => [name ?? kind, names(keys)])).toEqual([
			['due', 'd'],
			['atlas', 'c'],
			['shop', 'ab'],
			['none', 'e']
		]);
	});
});
