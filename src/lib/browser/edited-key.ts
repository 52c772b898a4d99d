/** An edit of a key, saved as it was typed. */
import { faultOf } from '#lib/browser/fault.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import { editKey } from '#lib/items/draft.ts';
import type { Draft, Secret } from '#lib/items/key.ts';
import type { KeyEdit, ReadResult } from '#lib/keyholder/views.ts';

/**
 * Saves an edit that started from `start`. `secret` is what the saved key holds; absent where that has to be
 * read: of one that came beside another without values of its own, which took those of the other, and of
 * one whose past values were dropped meanwhile.
 */
export async function saveEdit(
	wallet: Pick<Wallet, 'save'> & { readonly past: Pick<Wallet['past'], 'settled'> },
	{ row: base, secret: before }: ReadResult,
	draft: Draft,
	now: number
): Promise<SaveOutcome & { readonly secret?: Secret }> {
	try {
		const key = { overview: base.overview, secret: before };
		const { overview, secret, secretChanged } = editKey(key, draft, now);
		const values = secretChanged ? { secret } : {};
		const typed: KeyEdit = { kind: 'change', base, overview, ...values };
		const [edit = typed] = await wallet.past.settled([typed]);
		const saved = await wallet.save([edit]);
		const isBeside = saved.outcome === 'saved' && saved.beside.length > 0;
		return secretChanged || (edit === typed && !isBeside) ? { ...saved, secret } : saved;
	} catch (error) {
		return { outcome: 'failed', fault: faultOf(error) };
	}
}
