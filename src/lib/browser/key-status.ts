/** The end of a key's use, and the way back into it. Either is undone for some seconds. */
import { faultOf } from '#lib/browser/fault.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import type { Undo } from '#lib/browser/undo.svelte.ts';
import { activate, revoke, withStatusOf } from '#lib/items/lifecycle.ts';
import type { Overview } from '#lib/items/key.ts';
import { checkOverview } from '#lib/items/overview.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';

/** Notes that a key works no more at its provider; nothing is written if the reason does not fit. */
export async function revokeKey(
	wallet: Wallet,
	base: KeyRow,
	reason: string,
	now: number
): Promise<SaveOutcome> {
	try {
		const overview = checkOverview(revoke(base.overview, now, reason));
		return await change(wallet, 'revoke', base, overview);
	} catch (error) {
		return { outcome: 'failed', fault: faultOf(error) };
	}
}

/** Takes a key out of the archive, or says that it works after all. */
export async function useAgain(wallet: Wallet, base: KeyRow): Promise<SaveOutcome> {
	return await change(wallet, 'use', base, activate(base.overview));
}

async function change(
	wallet: Wallet,
	kind: Undo['kind'],
	base: KeyRow,
	overview: Overview
): Promise<SaveOutcome> {
	const saved = await wallet.save([{ kind: 'change', base, overview }]);
	if (saved.outcome !== 'saved') return saved;
	wallet.undoOffer.make(kind, saved.keys, () =>
		wallet.save(
			saved.keys.map((row) => ({
				kind: 'change',
				base: row,
				overview: withStatusOf(row.overview, base.overview)
			}))
		)
	);
	return saved;
}
