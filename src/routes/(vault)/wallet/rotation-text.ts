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

/** How long the old value is kept: for some days, `0` for not at all, empty for as long as nobody drops it. */
export function keepText(days: string): string {
	if (days === '') return m.rotate_keep_always();
	return days === '0' ? m.rotate_keep_none() : m.rotate_keep_days({ count: Number(days) });
}
