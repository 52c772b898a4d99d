/**
 * What is to come: the days on which keys stop working or are to be replaced, month by month, from
 * today to the same day next year, and those that have passed already.
 */
import { rotationDay } from '#lib/items/expiry.ts';
import type { Overview } from '#lib/items/key.ts';

/** A key as this file needs it. */
export interface DatedKey {
	readonly id: string;
	readonly overview: Overview;
}

export interface DatedEvent {
	readonly key: string;
	readonly name: string;
	readonly kind: 'expires' | 'rotates';
	/** `YYYY-MM-DD` */
	readonly day: string;
}

export interface TimelineMonth {
	/** `YYYY-MM` */
	readonly month: string;
	readonly events: readonly DatedEvent[];
}

export interface Timeline {
	/** Of days before today. */
	readonly past: readonly DatedEvent[];
	/** Thirteen: of the first and the last a part only. */
	readonly months: readonly TimelineMonth[];
	/** How many days are further off than a year. */
	readonly later: number;
}

const MONTHS = 13;

/** Keys that are revoked, archived or in the trash have no days: nobody waits for them. */
export function timelineOf(keys: readonly DatedKey[], today: string): Timeline {
	const events = keys.flatMap(eventsOf).sort(byDay);
	const end = `${monthAfter(today, 12)}${today.slice(7)}`;
	const within = events.filter(({ day }) => day >= today && day <= end);
	const months = Array.from({ length: MONTHS }, (_, index) => monthAfter(today, index));
	return {
		past: events.filter(({ day }) => day < today),
		months: months.map((month) => ({
			month,
			events: within.filter(({ day }) => day.startsWith(month))
		})),
		later: events.filter(({ day }) => day > end).length
	};
}

function eventsOf({ id, overview }: DatedKey): DatedEvent[] {
	if (overview.status !== 'active' || overview.trashedAt !== undefined) return [];
	const { name, expiresOn } = overview;
	const rotates = rotationDay(overview);
	return [
		...(expiresOn === undefined
			? []
			: [{ key: id, name, kind: 'expires', day: expiresOn } as const]),
		...(rotates === undefined ? [] : [{ key: id, name, kind: 'rotates', day: rotates } as const])
	];
}

function byDay(a: DatedEvent, b: DatedEvent): number {
	return a.day === b.day ? 0 : a.day < b.day ? -1 : 1;
}

/** The month `count` months after that of `day`. */
function monthAfter(day: string, count: number): string {
	const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + count;
	const year = String(Math.floor(month / 12)).padStart(4, '0');
	return `${year}-${String((month % 12) + 1).padStart(2, '0')}`;
}
