/** The order of names, apart from the search, which brings the table of providers with it. */
import type { KeyRow } from '#lib/keyholder/views.ts';

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * By name as people order them. The worker sorts a vault's rows by it ahead of time: then sorting
 * them here again costs one look at each.
 */
export function byName(a: KeyRow, b: KeyRow): number {
	return collator.compare(a.overview.name, b.overview.name) || (a.item < b.item ? -1 : 1);
}
