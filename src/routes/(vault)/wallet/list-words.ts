/** What orders, groups and filters of the list are called. */
import type { Facet } from '#lib/browser/key-filters.ts';
import type { Grouping, KeyGroup, Sorting } from '#lib/browser/key-groups.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { shownText } from '#lib/ui/shown-text.ts';
import { providerOf } from '../provider-of.ts';

export const SORTINGS: Readonly<Record<Sorting, () => string>> = {
	name: m.sort_name,
	expiry: m.sort_expiry,
	added: m.sort_added,
	changed: m.sort_changed,
	provider: m.sort_provider
};

export const GROUPINGS: Readonly<Record<Grouping, () => string>> = {
	project: m.group_project,
	environment: m.group_environment,
	provider: m.group_provider
};

export const FACET_LABELS: Readonly<Record<Facet, () => string>> = {
	environments: m.filter_environment,
	projects: m.filter_project,
	providers: m.filter_provider,
	tags: m.filter_tag
};

export type HeadKind = KeyGroup['kind'] | 'archived';

interface Head {
	readonly kind: HeadKind;
	readonly name?: string | undefined;
}

/** What stands above a group. @param afterDue whether the list begins with the keys that are due */
export function headText({ kind, name }: Head, afterDue: boolean): string {
	switch (kind) {
		case 'due':
			return m.wallet_group_due();
		case 'archived':
			return name === undefined
				? m.wallet_group_archived()
				: m.wallet_group_archived_named({ name });
		case 'named':
			return name ?? '';
		case 'rest':
			return afterDue ? m.wallet_group_not_due() : m.wallet_group_not_archived();
		case 'none':
			return m.wallet_group_none();
	}
}

/** A word of a facet, as it is shown. */
export function facetText(facet: Facet, word: string): string {
	return shownText(facet === 'providers' ? providerOf({ provider: word }).name : word);
}

export const SORTING_NAMES = Object.keys(SORTINGS).filter((name) => isSorting(name));
export const GROUPING_NAMES = Object.keys(GROUPINGS).filter((name) => isGrouping(name));

export function isSorting(name: string): name is Sorting {
	return Object.hasOwn(SORTINGS, name);
}

export function isGrouping(name: string): name is Grouping {
	return Object.hasOwn(GROUPINGS, name);
}
