/** Why the vault is locked, in a sentence, where that is worth one. */
import { IDLE_MINUTES } from '#lib/browser/lapse.ts';
import type { LockReason } from '#lib/browser/session.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';

/** Undefined where the person asked for it: they know. */
export function lockReasonText(reason: LockReason, idleMinutes = IDLE_MINUTES): string | undefined {
	switch (reason) {
		case 'idle':
			return m.unlock_locked_idle({ minutes: idleMinutes });
		case 'hidden':
			return m.unlock_locked_hidden();
		case 'slept':
			return m.unlock_locked_slept();
		case 'expired':
			return m.unlock_locked_expired();
		case 'signed-out':
			return m.unlock_locked_signed_out();
		case 'lost':
			return m.unlock_locked_lost();
		case 'elsewhere':
			return m.unlock_locked_elsewhere();
		case 'asked':
		case 'left':
			return undefined;
	}
}
