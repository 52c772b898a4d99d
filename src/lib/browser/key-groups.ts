/** The order of the list and its groups. Due keys stand first, always, and in no other group. */
import type { ListedKey } from '#lib/browser/search.ts';
import { compareNames } from '#lib/i18n/words.ts';
import type { Grouping, Sorting } from '#lib/items/key.ts';
import { tileById } from '#lib/items/provider-tiles.ts';

export type { Grouping, Sorting };

export interface KeyGroup {
	/**
	 * `due`: expired, expiring or to be rotated.   `rest`: all others, in one group.   `named`: those of
	 * one project, environment or provider.   `none`: those that have none.
	 */
	readonly kind: 'due' | 'rest' | 'named' | 'none';
	readonly name?: string;
	readonly keys: readonly ListedKey[];
}

/** Nothing but the order of the list they come in is kept among equals, which is that of names. */
export function sorted(keys: readonly ListedKey[], sorting: Sorting): readonly ListedKey[] {
	switch (sorting) {
		case 'name':
			return keys;
		case 'expiry':
			return keys.toSorted((a, b) => daysOf(a) - daysOf(b));
		case 'added':
			return keys.toSorted((a, b) => b.row.overview.createdAt - a.row.overview.createdAt);
		case 'changed':
			return keys.toSorted((a, b) => b.row.overview.changedAt - a.row.overview.changedAt);
		case 'provider':
			return keys.toSorted((a, b) => compareNames(providerName(a), providerName(b)));
	}
}

/** Groups in the order of their names; empty ones are left out. */
export function grouped(
	keys: readonly ListedKey[],
	grouping: Grouping | undefined
): readonly KeyGroup[] {
	const groups: KeyGroup[] = [{ kind: 'due', keys: keys.filter(({ due }) => due) }];
	const rest = keys.filter(({ due }) => !due);
	if (grouping === undefined) groups.push({ kind: 'rest', keys: rest });
	else groups.push(...namedGroups(rest, grouping));
	return groups.filter((group) => group.keys.length > 0);
}

function namedGroups(keys: readonly ListedKey[], grouping: Grouping): readonly KeyGroup[] {
	const byName = new Map<string, ListedKey[]>();
	const without: ListedKey[] = [];
	for (const key of keys) {
		const name = nameOf(key, grouping);
		const group = name === '' ? without : byName.get(name);
		if (group === undefined) byName.set(name, [key]);
		else group.push(key);
	}
	const named = [...byName].sort(([a], [b]) => compareNames(a, b));
	return [
		...named.map(([name, of]): KeyGroup => ({ kind: 'named', name, keys: of })),
		{ kind: 'none', keys: without }
	];
}

function nameOf(key: ListedKey, grouping: Grouping): string {
	if (grouping === 'provider') return providerName(key);
	return key.row.overview[grouping] ?? '';
}

function providerName({ row }: ListedKey): string {
	const { provider = '' } = row.overview;
	return tileById(provider)?.name ?? provider;
}

function daysOf({ expiry }: ListedKey): number {
	return expiry.kind === 'none' ? Infinity : expiry.days;
}
