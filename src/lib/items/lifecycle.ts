/**
 * What happens to a key besides edits: each a new overview, none touches the secret.
 */
import { present, without } from '#lib/items/json.ts';
import type { Overview } from '#lib/items/key.ts';

/** How long the trash keeps a key before it may be emptied of it. */
export const TRASH_DAYS = 30;

const DAY_MS = 86_400_000;

/** Out of the list, to come back as it was. */
export function trash(overview: Overview, now: number): Overview {
	return { ...overview, trashedAt: now };
}

export function restoreFromTrash(overview: Overview): Overview {
	return without(overview, ['trashedAt']);
}

/** Days until the trash lets go of it, 0 when its time is over; undefined if it is not in there. */
export function trashDaysLeft(overview: Overview, now: number): number | undefined {
	if (overview.trashedAt === undefined) return undefined;
	const over = overview.trashedAt + TRASH_DAYS * DAY_MS;
	return Math.max(0, Math.ceil((over - now) / DAY_MS));
}

/** It works no more at its provider; it stays in the list with the reason. */
export function revoke(overview: Overview, now: number, reason = ''): Overview {
	const why = reason.trim() === '' ? undefined : reason.trim();
	return {
		...without(overview, ['archivedAt']),
		status: 'revoked',
		revoked: { at: now, ...present({ reason: why }) }
	};
}

/** It still works, but nobody needs to see it. */
export function archive(overview: Overview, now: number): Overview {
	return { ...overview, status: 'archived', archivedAt: now };
}

/** `overview` with the status of `before`: its word, its dates and its reason. */
export function withStatusOf(overview: Overview, before: Overview): Overview {
	const { status, revoked, archivedAt } = before;
	return {
		...without(overview, ['archivedAt', 'revoked']),
		status,
		...present({ revoked, archivedAt })
	};
}

/** Takes back {@link revoke} and {@link archive}; a key that was revoked before goes back to that. */
export function activate(overview: Overview): Overview {
	const revoked = overview.status === 'archived' && overview.revoked !== undefined;
	if (revoked) return { ...without(overview, ['archivedAt']), status: 'revoked' };
	return { ...without(overview, ['archivedAt', 'revoked']), status: 'active' };
}
