/** What orders and groups of the list are called. */
import type { Grouping, Sorting } from '#lib/browser/key-groups.ts';
import * as m from '#lib/i18n/generated/messages.js';

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

export const SORTING_NAMES = Object.keys(SORTINGS).filter((name) => isSorting(name));
export const GROUPING_NAMES = Object.keys(GROUPINGS).filter((name) => isGrouping(name));

export function isSorting(name: string): name is Sorting {
	return Object.hasOwn(SORTINGS, name);
}

export function isGrouping(name: string): name is Grouping {
	return Object.hasOwn(GROUPINGS, name);
}
