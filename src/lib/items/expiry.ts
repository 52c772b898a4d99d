/**
 * Days: when a key stops working and when it is to be replaced. Calendar days of this device, as
 * the person thinks of them; every function takes the moment it is asked about.
 */
import type { Overview } from '#lib/items/key.ts';

/** How many days ahead a key counts as due. */
export const SOON_DAYS = 14;

const DAY_MS = 86_400_000;

/**
 * `expired`: the last day has passed.   `soon`: it is within the days asked about, today included.
 * `rotate`: it is to be replaced, by the person's own rule.   `later`: it expires, further off.
 * `rotate-later`: it is to be replaced before that.   `none`: no day, or nobody waits for it (revoked, archived, in the trash).
 */
export type Expiry =
	| {
			readonly kind: 'expired' | 'soon' | 'rotate' | 'later' | 'rotate-later';
			readonly day: string;
			readonly days: number;
	  }
	| { readonly kind: 'none' };

/** What stands over a key at `now`: the worst of its expiry and its rotation. */
export function expiryOf(overview: Overview, now: number, soonDays = SOON_DAYS): Expiry {
	return expiryOn(dayOf(now), overview, soonDays);
}

/** The same on the day `today`, for whoever asks about many keys at once. */
export function expiryOn(today: string, overview: Overview, soonDays = SOON_DAYS): Expiry {
	if (overview.status !== 'active' || overview.trashedAt !== undefined) return { kind: 'none' };
	if (overview.expiresOn === undefined && overview.rotateEveryDays === undefined) {
		return { kind: 'none' };
	}
	const expires = overview.expiresOn;
	const expiresIn = expires === undefined ? Infinity : daysBetween(today, expires);
	const rotates = rotationDay(overview);
	const rotatesIn = rotates === undefined ? Infinity : daysBetween(today, rotates);
	if (expires !== undefined && expiresIn < 0)
		return { kind: 'expired', day: expires, days: expiresIn };
	if (rotates !== undefined && rotatesIn <= 0)
		return { kind: 'rotate', day: rotates, days: rotatesIn };
	if (expires !== undefined && expiresIn <= soonDays) {
		return { kind: 'soon', day: expires, days: expiresIn };
	}
	if (rotates !== undefined && rotatesIn < expiresIn) {
		return { kind: 'rotate-later', day: rotates, days: rotatesIn };
	}
	return expires === undefined
		? { kind: 'none' }
		: { kind: 'later', day: expires, days: expiresIn };
}

/** Whether it stands on top of the list. */
export function isDue(expiry: Expiry): boolean {
	return expiry.kind === 'expired' || expiry.kind === 'soon' || expiry.kind === 'rotate';
}

/** The day on which a key is to be replaced; absent without a rule, or without a day to count from. */
export function rotationDay(overview: Overview): string | undefined {
	if (overview.rotateEveryDays === undefined || overview.changedAt === 0) return undefined;
	return addDays(dayOf(overview.changedAt), overview.rotateEveryDays);
}

/** The calendar day of a moment on this device, `YYYY-MM-DD`. */
export function dayOf(ms: number): string {
	const date = new Date(ms);
	const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
	return parts.map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0')).join('-');
}

/** Whether `text` is a day that exists, `YYYY-MM-DD`, of the years 1970 to 9999. */
export function isDay(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const ms = Date.parse(`${text}T00:00:00Z`);
	return ms >= 0 && new Date(ms).toISOString().slice(0, 10) === text;
}

/** Days from one day to another, negative backwards. Counted in UTC: no clock change is in the way. */
export function daysBetween(from: string, to: string): number {
	return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

function addDays(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
