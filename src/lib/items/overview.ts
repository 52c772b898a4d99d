/**
 * The overview of a key: reading what was opened, and the room that it takes.
 *
 * The keyholder's worker loads this file, so it must not know the table of providers: making
 * overviews stands in draft.ts.
 */
import { isDay } from '#lib/items/expiry.ts';
import {
	list,
	members,
	oneOf,
	optional,
	text,
	texts,
	version1,
	whole,
	yesNo
} from '#lib/items/json.ts';
import {
	ENTRY_BYTES,
	FIELDS_PER_KEY,
	ItemError,
	type FieldOverview,
	type Hint,
	type Overview,
	type Revoked
} from '#lib/items/key.ts';
import { jsonBytes } from '#lib/items/secret.ts';

/** What surrounds an overview in its sheet: id, revision (16 digits at most) and hash of the secret. */
const ENVELOPE_BYTES = 130;
/** `,"fingerprint":"…"` of one field: the keyholder adds it after the size was checked. */
const FINGERPRINT_BYTES = 39;
/** Lists are bounded by the entry's bytes as well; this only ends silly ones early. */
const WORDS = 100;
/** A century: a larger number is a slip. */
export const ROTATE_DAYS = 36_500;
const STATUSES = ['active', 'revoked', 'archived'] as const;
/** What is read where another client left a member out. */
export const BLANK = { envVars: [], tags: [], fields: [], status: 'active', createdAt: 0 } as const;
/**
 * Reads an overview that was opened; unknown members stay on the objects. Lists, status and dates
 * that another client left out are read as empty, active and not known.
 *
 * @throws {ItemError} `format`, `unsupported`
 */
export function parseOverview(json: unknown): Overview {
	const given = members(json, 'overview');
	const overview = { ...BLANK, ...given };
	const createdAt = whole(overview, 'createdAt');
	return {
		...overview,
		v: version1(given, 'overview'),
		name: text(overview, 'name'),
		envVars: texts(overview, 'envVars', WORDS),
		tags: texts(overview, 'tags', WORDS),
		createdAt,
		changedAt: Object.hasOwn(given, 'changedAt') ? whole(overview, 'changedAt') : createdAt,
		status: oneOf(overview, 'status', STATUSES),
		fields: list(overview, 'fields', FIELDS_PER_KEY, fieldOf),
		...optional(overview, 'provider', text),
		...optional(overview, 'project', text),
		...optional(overview, 'environment', text),
		...optional(overview, 'url', text),
		...optional(overview, 'note', text),
		...optional(overview, 'expiresOn', (object, name) => validDay(text(object, name))),
		...optional(overview, 'rotateEveryDays', (object, name) => whole(object, name, 1, ROTATE_DAYS)),
		...optional(overview, 'reminderOn', (object, name) => validDay(text(object, name))),
		...optional(overview, 'revoked', (object, name) => revokedFrom(object[name])),
		...optional(overview, 'archivedAt', whole),
		...optional(overview, 'trashedAt', whole),
		...optional(overview, 'previousCount', whole),
		...optional(overview, 'previousUntil', whole),
		...optional(overview, 'previousFingerprints', (object, name) => texts(object, name, WORDS))
	};
}

/**
 * Returns the overview if its entry may be sealed. The fingerprints of previous values give way to
 * what a person has written, the oldest first.
 *
 * @throws {ItemError} `entry-too-large` with the bytes that it takes and may take
 */
export function checkOverview(overview: Overview): Overview {
	const is = entryBytes(overview);
	const { previousFingerprints: prints = [], ...rest } = overview;
	if (is > ENTRY_BYTES && prints.length > 0) {
		const kept = prints.slice(0, -1);
		return checkOverview(kept.length === 0 ? rest : { ...rest, previousFingerprints: kept });
	}
	if (is > ENTRY_BYTES) {
		const size = { is, limit: ENTRY_BYTES };
		throw new ItemError('entry-too-large', 'the overview does not fit into its entry', size);
	}
	return overview;
}

/** Bytes of JSON that the overview takes in its sheet, fingerprints to come included. */
export function entryBytes(overview: Overview): number {
	const missing = overview.fields.filter((field) => field.fingerprint === undefined).length;
	return ENVELOPE_BYTES + jsonBytes(overview) + missing * FINGERPRINT_BYTES;
}

/** @throws {ItemError} `format` if there is no such day. */
export function validDay(day: string): string {
	if (!isDay(day)) throw new ItemError('format', 'not a day');
	return day;
}

function fieldOf(json: unknown): FieldOverview {
	const field = members(json, 'field');
	return {
		...field,
		name: text(field, 'name'),
		hidden: Object.hasOwn(field, 'hidden') ? yesNo(field, 'hidden') : true,
		...optional(field, 'hint', (object, name) => hintFrom(object[name])),
		...optional(field, 'fingerprint', text)
	};
}

function hintFrom(json: unknown): Hint {
	const hint = members(json, 'hint');
	return { ...hint, prefix: text(hint, 'prefix'), last: text(hint, 'last') };
}

function revokedFrom(json: unknown): Revoked {
	const revoked = members(json, 'revoked');
	return { ...revoked, at: whole(revoked, 'at'), ...optional(revoked, 'reason', text) };
}
