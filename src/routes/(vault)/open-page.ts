import type { ListedKey } from '#lib/browser/search.ts';
import { linkOf } from '#lib/items/link.ts';

/** Opens what a key says is its page, in a tab of its own that learns nothing of this one. */
export function openPage({ row }: Pick<ListedKey, 'row'>): void {
	const link = linkOf(row.overview.url ?? '');
	if (link !== undefined) window.open(link, '_blank', 'noopener,noreferrer');
}
