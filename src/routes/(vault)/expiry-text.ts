/** When a key is due, in words, with the state that colors them. */
import type { Expiry } from '#lib/items/expiry.ts';
import type { Overview } from '#lib/items/key.ts';
import { dateText, relativeDays } from '#lib/i18n/dates.ts';
import * as m from '#lib/i18n/generated/messages.js';

export interface Said {
	readonly text: string;
	/** Where the text leaves out what will happen: the whole of it. */
	readonly whole?: string;
	/** Absent where nothing is to be done. */
	readonly state?: 'due' | 'stop';
}

export function expiryText(expiry: Expiry): Said {
	switch (expiry.kind) {
		case 'none':
			return { text: m.wallet_no_expiry() };
		case 'later': {
			const when = relativeDays(expiry.days);
			return { text: when, whole: m.expires_when({ when }) };
		}
		case 'rotate-later':
			return { text: m.rotates_when({ when: relativeDays(expiry.days) }) };
		case 'expired':
			return { text: m.expired_ago({ when: relativeDays(expiry.days) }), state: 'stop' };
		case 'soon': {
			const today = expiry.days === 0;
			const text = today ? m.expires_today() : m.expires_when({ when: relativeDays(expiry.days) });
			return { text, state: 'due' };
		}
		case 'rotate':
			return { text: m.rotate_due(), state: 'due' };
	}
}

/** Why a key is out of use: when, and the reason that was given; undefined while it is in use. */
export function outOfUse(overview: Overview, now: number): string | undefined {
	if (overview.status === 'archived' && overview.archivedAt !== undefined) {
		return m.archived_on({ date: dateText(overview.archivedAt, now) });
	}
	if (overview.status === 'active' || overview.revoked === undefined) return undefined;
	const date = dateText(overview.revoked.at, now);
	const { reason } = overview.revoked;
	return reason === undefined ? m.revoked_on({ date }) : m.revoked_on_reason({ date, reason });
}
