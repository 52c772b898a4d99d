/** What is done to several keys at once: one commit for each vault, and one Undo for all. */
import { faultOf } from '#lib/browser/fault.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import type { Overview } from '#lib/items/key.ts';
import { activate, archive } from '#lib/items/lifecycle.ts';
import { checkOverview } from '#lib/items/overview.ts';
import type { KeyEdit, KeyRow } from '#lib/keyholder/views.ts';

/** Adds a tag to those that do not have it. Nothing is written if it does not fit into one of them. */
export async function tagKeys(
	wallet: Wallet,
	rows: readonly KeyRow[],
	tag: string
): Promise<SaveOutcome> {
	const untagged = rows.filter(({ overview }) => !overview.tags.includes(tag));
	return await change(
		wallet,
		'tag',
		untagged,
		(overview) => checkOverview({ ...overview, tags: [...overview.tags, tag] }),
		(overview) => ({ ...overview, tags: overview.tags.filter((one) => one !== tag) })
	);
}

/** Archives keys; Undo gives each the status back that it had. */
export async function archiveKeys(
	wallet: Wallet,
	rows: readonly KeyRow[],
	now: number
): Promise<SaveOutcome> {
	return await change(wallet, 'archive', rows, (overview) => archive(overview, now), activate);
}

async function change(
	wallet: Wallet,
	kind: 'tag' | 'archive',
	rows: readonly KeyRow[],
	to: (overview: Overview) => Overview,
	back: (overview: Overview) => Overview
): Promise<SaveOutcome> {
	if (rows.length === 0) return { outcome: 'saved', keys: [], beside: [] };
	let edits: readonly KeyEdit[];
	try {
		edits = rows.map((base) => ({ kind: 'change', base, overview: to(base.overview) }));
	} catch (error) {
		return { outcome: 'failed', fault: faultOf(error) };
	}
	const written: KeyRow[] = [];
	const saved = await wallet.save(edits, written);
	if (written.length === 0) return saved;
	// Also of what one vault has taken before another one refused.
	wallet.undoOffer.make(kind, written, () =>
		wallet.save(written.map((base) => ({ kind: 'change', base, overview: back(base.overview) })))
	);
	return saved;
}
