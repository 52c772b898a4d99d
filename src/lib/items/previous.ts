/**
 * The values that a key had before: what its overview says of them, so that nobody need open the
 * secret to know when one is past its date, and how they go.
 */
import { present, without } from '#lib/items/json.ts';
import type { NewKey } from '#lib/items/draft.ts';
import type { Overview, PreviousValue, Secret } from '#lib/items/key.ts';

/** What an overview says of previous values. All of it follows from the secret. */
const SAID = ['previousCount', 'previousUntil', 'previousFingerprints'] as const;
/** Values that are recognised after they were replaced: newest first, as many as an entry has room for. */
const RECOGNISED = 10;
const DAY_MS = 86_400_000;

/** `overview` with what it says of the previous values of `secret`; fingerprints are the keyholder's. */
export function withPrevious(overview: Overview, { previous = [] }: Secret): Overview {
	const dates = previous.flatMap(({ keepUntil }) => keepUntil ?? []);
	return {
		...without(overview, SAID),
		...(previous.length === 0 ? {} : { previousCount: previous.length }),
		...(dates.length === 0 ? {} : { previousUntil: Math.min(...dates) })
	};
}

/** `overview` with what `other` says of the previous values. */
export function samePrevious(overview: Overview, other: Overview): Overview {
	const { previousCount, previousUntil, previousFingerprints } = other;
	const said = present({ previousCount, previousUntil, previousFingerprints });
	return { ...without(overview, SAID), ...said };
}

/** The values to recognise: what the key still has, a region or a user name, is not among them. */
export function recognisedValues({ fields, previous = [] }: Secret): readonly string[] {
	const now = new Set(fields.map(({ value }) => value));
	const before = previous.flatMap((one) => one.fields.map(({ value }) => value));
	return [...new Set(before)].filter((value) => !now.has(value)).slice(0, RECOGNISED);
}

/** Whether a previous value of this key is past its date. */
export function isPast({ previousUntil }: Overview, now: number): boolean {
	return previousUntil !== undefined && previousUntil <= now;
}

/** The key without the previous values that are past their date; undefined if none is. */
export function withoutPast(key: NewKey, now: number): NewKey | undefined {
	return dropPrevious(key, ({ keepUntil }) => keepUntil !== undefined && keepUntil <= now);
}

/** The key without the previous value at `index`, newest first; undefined if it has none there. */
export function withoutPrevious(key: NewKey, index: number): NewKey | undefined {
	const gone = key.secret.previous?.[index];
	return dropPrevious(key, (previous) => previous === gone);
}

/** The end of a previous value that is kept for `days` from `now`. */
export function keepUntilOf(days: number, now: number): number {
	return now + days * DAY_MS;
}

function dropPrevious(
	{ overview, secret }: NewKey,
	goes: (previous: PreviousValue) => boolean
): NewKey | undefined {
	const kept = (secret.previous ?? []).filter((previous) => !goes(previous));
	if (kept.length === (secret.previous?.length ?? 0)) return undefined;
	const rest: Secret = without(secret, ['previous']);
	const left = kept.length === 0 ? rest : { ...rest, previous: kept };
	return { overview: withPrevious(overview, left), secret: left };
}
