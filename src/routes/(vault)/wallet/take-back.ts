/** Undo as the wallet, the trash and the palette offer it: done, and said. */
import type { Undo } from '#lib/browser/undo.svelte.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import type { Speech } from '../../speech.svelte.ts';

/** Undoes what is offered to be undone. What fails stands in the wallet's fault, too. */
export async function takeBack(
	wallet: Pick<Wallet, 'undo' | 'takeBack'>,
	speech: Pick<Speech, 'say'>
): Promise<SaveOutcome | undefined> {
	const { undo } = wallet;
	if (undo === undefined) return undefined;
	const saved = await wallet.takeBack();
	if (saved?.outcome === 'conflict') speech.say(m.fault_not_undone());
	if (saved?.outcome === 'saved') speech.say(m.undone_said({ name: undoneText(undo) }));
	return saved;
}

/** What it was done to: one key by its name, several by their number. */
export function undoneText({ names }: Undo): string {
	const [only] = names;
	return names.length === 1 && only !== undefined ? only : m.keys_count({ count: names.length });
}
