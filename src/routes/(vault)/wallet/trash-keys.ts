import type { ListedKey } from '#lib/browser/search.ts';
import type { Wallet } from '#lib/browser/wallet.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import type { Speech } from '../../speech.svelte.ts';
import { undoneText } from './take-back.ts';

/** Moves keys to the trash, and takes their marks away; false where that was not done. */
export async function trashKeys(
	wallet: Pick<Wallet, 'saving' | 'trash' | 'marked' | 'undo'>,
	speech: Pick<Speech, 'say'>,
	keys: readonly ListedKey[]
): Promise<boolean> {
	// Pressed again while it is on its way.
	if (wallet.saving) return false;
	const saved = await wallet.trash(keys.map(({ row }) => row));
	if (saved.outcome === 'conflict') speech.say(m.form_conflict());
	if (saved.outcome !== 'saved') return false;
	wallet.marked.remove(keys.map(({ id }) => id));
	if (wallet.undo) speech.say(m.wallet_trashed({ name: undoneText(wallet.undo) }));
	return true;
}
