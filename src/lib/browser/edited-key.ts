/** An edit of a key, saved as it was typed. */
import { faultOf } from '#lib/browser/fault.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import { editKey } from '#lib/items/draft.ts';
import type { Draft, Secret } from '#lib/items/key.ts';
import type { ReadResult } from '#lib/keyholder/views.ts';

/**
 * Saves an edit that started from `start`. `secret` is what the saved key holds; absent for one that came
 * beside another without values of its own: it took those of the other.
 */
export async function saveEdit(
	wallet: Pick<Wallet, 'save'>,
	{ row: base, secret: before }: ReadResult,
	draft: Draft,
	now: number
): Promise<SaveOutcome & { readonly secret?: Secret }> {
	try {
		const key = { overview: base.overview, secret: before };
		const { overview, secret, secretChanged } = editKey(key, draft, now);
		const values = secretChanged ? { secret } : {};
		const saved = await wallet.save([{ kind: 'change', base, overview, ...values }]);
		const isCopy = saved.outcome === 'saved' && saved.beside.length > 0 && !secretChanged;
		return isCopy ? saved : { ...saved, secret };
	} catch (error) {
		return { outcome: 'failed', fault: faultOf(error) };
	}
}
