/** The order of names, apart from the search, which brings the table of providers with it. */
import { compareNames } from '#lib/i18n/words.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';

/**
 * By name as people order them. The worker sorts a vault's rows by it ahead of time: then sorting
 * them here again costs one look at each.
 */
export function byName(a: KeyRow, b: KeyRow): number {
	return compareNames(a.overview.name, b.overview.name) || (a.item < b.item ? -1 : 1);
}
