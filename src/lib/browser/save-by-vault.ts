/** Saving edits of several vaults: one commit for each, since no commit is of two. */
import type { Host } from '#lib/browser/host.ts';
import type { KeyEdit, KeyRow, SaveResult } from '#lib/keyholder/views.ts';

/**
 * `conflict` as soon as other devices were faster in one of them, and what is thrown as soon as one is
 * refused. What was saved before that stays, and the list shows it; so what is tried again is what is
 * left.
 *
 * @param written takes the rows that each commit has written: they can be undone even if a later one
 * is refused
 */
export async function saveByVault(
	host: Pick<Host, 'save'>,
	edits: readonly KeyEdit[],
	written: KeyRow[] = []
): Promise<SaveResult> {
	const parts = byVault(edits);
	const beside: string[] = [];
	for (const part of parts.size === 0 ? [edits] : parts.values()) {
		const saved = await host.save(part);
		if (saved.outcome === 'conflict') return saved;
		written.push(...saved.keys);
		beside.push(...saved.beside);
	}
	return { outcome: 'saved', keys: written, beside };
}

/** The edits of each vault, in the order in which they are saved. */
export function byVault(edits: readonly KeyEdit[]): ReadonlyMap<string, readonly KeyEdit[]> {
	const parts = new Map<string, KeyEdit[]>();
	for (const edit of edits) {
		const vault = edit.kind === 'add' ? edit.vault : edit.base.vault;
		parts.set(vault, [...(parts.get(vault) ?? []), edit]);
	}
	return parts;
}
