/** How a provider replaces a key, in a sentence; nothing for one that is not in the table. */
import { PROVIDERS } from '#lib/items/provider-table.ts';
import type { Rotation } from '#lib/items/provider.ts';
import * as m from '#lib/i18n/generated/messages.js';

const SENTENCES: Readonly<Record<Rotation, () => string>> = {
	beside: m.rotation_beside,
	grace: m.rotation_grace,
	slots: m.rotation_slots,
	'at-once': m.rotation_at_once
};

/** @param provider its id or its name */
export function rotationText(provider: string): string | undefined {
	const known = PROVIDERS.find(({ id, name }) => id === provider || name === provider);
	return known === undefined ? undefined : SENTENCES[known.rotation]();
}
