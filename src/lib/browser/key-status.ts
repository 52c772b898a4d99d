/** The end of a key's use, and the way back into it. */
import { faultOf } from '#lib/browser/fault.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import { activate, revoke } from '#lib/items/lifecycle.ts';
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
		return await wallet.save([{ kind: 'change', base, overview }]);
	} catch (error) {
		return { outcome: 'failed', fault: faultOf(error) };
	}
}

/** Takes a key out of the archive, or says that it works after all. */
export async function useAgain(wallet: Wallet, base: KeyRow): Promise<SaveOutcome> {
	return await wallet.save([{ kind: 'change', base, overview: activate(base.overview) }]);
}
