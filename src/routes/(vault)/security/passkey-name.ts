/** What a passkey is called, also where nobody named it: by another program, or on a device that cannot read it. */
import type { SlotView } from '#lib/browser/security.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { shownText } from '#lib/ui/shown-text.ts';

export function passkeyName({ name }: SlotView): string {
	return shownText(name ?? m.ways_passkey_unnamed());
}
