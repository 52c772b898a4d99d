/**
 * The overview of a key: reading what was opened, and the room that it takes.
 *
 * The keyholder's worker loads this file, so it must not know the table of providers: making
 * overviews stands in draft.ts.
 */
import { isDay } from '#lib/items/expiry.ts';
import {
	list,
	oneOf,
	plain,
	text,
	texts,
	version1,
	whole,
	yesNo,
	type Members
} from '#lib/items/json.ts';
import { ENTRY_BYTES, FIELDS_PER_KEY, ItemError, type Overview } from '#lib/items/key.ts';
import { jsonBytes } from '#lib/items/secret.ts';

/** What surrounds an overview in its sheet: id, revision (16 digits at most) and hash of the secret. */
const ENVELOPE_BYTES = 130;
/** `,"fingerprint":"…"` of one field: the keyholder adds it after the size was checked. */
const FINGERPRINT_BYTES = 39;
/**
 * What a key that is full may still be given: the dates of trash, archive and revocation, each with
 * the digits of today's milliseconds, and the longer word of its status.
 */
export const LATER_BYTES =
	',"trashedAt":1700000000000,"archivedAt":1700000000000,"revoked":{"at":1700000000000}'.length +
	'archived'.length -
	'active'.length;
/** A date of now, and the longest word of a status: of the length that they will have. */
const LATER = { trashedAt: 1.7e12, archivedAt: 1.7e12, revoked: { at: 1.7e12 } } as const;
/** Lists are bounded by the entry's bytes as well; this only ends silly ones early. */
const WORDS = 100;
/** A century: a larger number is a slip. */
export const ROTATE_DAYS = 36_500;
const STATUSES = ['active', 'revoked', 'archived'] as const;
/** What is read where another client left a member out. */
export const BLANK = { envVars: [], tags: [], fields: [], status: 'active', createdAt: 0 } as const;

type Check = (object: Members, name: string) => unknown;

/** What is read as blank where another client left it out, and is looked at in any case. */
const NEEDED: readonly (readonly [name: string, check: Check])[] = [
	['name', text],
	['envVars', words],
	['tags', words],
	['createdAt', whole],
	['changedAt', whole],
	['status', (object, name) => oneOf(object, name, STATUSES)],
	['fields', (object, name) => list(object, name, FIELDS_PER_KEY, checkField)]
];
const OPTIONAL: readonly (readonly [name: string, check: Check])[] = [
	['provider', text],
	['project', text],
	['environment', text],
	['url', text],
	['note', text],
	['expiresOn', day],
	['rotateEveryDays', (object, name) => whole(object, name, 1, ROTATE_DAYS)],
	['reminderOn', day],
	['revoked', checkRevoked],
	['archivedAt', whole],
	['trashedAt', whole],
	['previousCount', whole],
	['previousUntil', whole],
	['previousFingerprints', words]
];

/**
 * Reads an overview that was opened; unknown members stay on the objects. Lists, status and dates
 * that another client left out are read as empty, active and not known.
 *
 * One that is whole is returned as it is, not copied: of ten thousand keys the copies took longer
 * than all else of opening them.
 *
 * @throws {ItemError} `format`, `unsupported`
 */
export function parseOverview(json: unknown): Overview {
	const given = plain(json, 'overview');
	version1(given, 'overview');
	const overview = isWhole(given) ? given : completed(given);
	checkMembers(overview);
	return overview;
}

function isWhole(given: Members): boolean {
	const { fields } = given;
	if (!Array.isArray(fields) || !fields.every(saysWhetherHidden)) return false;
	return NEEDED.every(([name]) => Object.hasOwn(given, name));
}

function saysWhetherHidden(field: unknown): boolean {
	return typeof field === 'object' && field !== null && Object.hasOwn(field, 'hidden');
}

function completed(given: Members): Members {
	const overview = { ...BLANK, changedAt: given['createdAt'] ?? BLANK.createdAt, ...given };
	const fields = list(overview, 'fields', FIELDS_PER_KEY, (field) => ({
		hidden: true,
		...plain(field, 'field')
	}));
	return { ...overview, fields };
}

/** @throws {ItemError} `format` unless each member is what it should be. */
function checkMembers(overview: Members): asserts overview is Members & Overview {
	for (const [name, check] of NEEDED) check(overview, name);
	for (const [name, check] of OPTIONAL) {
		if (Object.hasOwn(overview, name)) check(overview, name);
	}
}

/**
 * Returns the overview if its entry may be sealed. The fingerprints of previous values give way to
 * what a person has written, the oldest first.
 *
 * @param free bytes that stay free, as {@link LATER_BYTES} of what a person writes
 * @throws {ItemError} `entry-too-large` with the bytes that it takes and may take
 */
export function checkOverview(overview: Overview, free = 0): Overview {
	const is = entryBytes(overview);
	const limit = ENTRY_BYTES - free;
	const { previousFingerprints: prints = [], ...rest } = overview;
	if (is > limit && prints.length > 0) {
		const kept = prints.slice(0, -1);
		return checkOverview(kept.length === 0 ? rest : { ...rest, previousFingerprints: kept }, free);
	}
	if (is > limit) {
		const size = { is, limit };
		throw new ItemError('entry-too-large', 'the overview does not fit into its entry', size);
	}
	return overview;
}

/** What of {@link LATER_BYTES} the overview has not been given yet. */
export function laterBytes(overview: Overview): number {
	return jsonBytes({ ...LATER, ...overview, status: 'archived' }) - jsonBytes(overview);
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

function words(object: Members, name: string): unknown {
	return texts(object, name, WORDS);
}

function day(object: Members, name: string): string {
	return validDay(text(object, name));
}

function checkField(json: unknown): void {
	const field = plain(json, 'field');
	text(field, 'name');
	yesNo(field, 'hidden');
	if (Object.hasOwn(field, 'hint')) checkHint(field['hint']);
	if (Object.hasOwn(field, 'fingerprint')) text(field, 'fingerprint');
}

function checkHint(json: unknown): void {
	const hint = plain(json, 'hint');
	text(hint, 'prefix');
	text(hint, 'last');
}

function checkRevoked(object: Members, name: string): void {
	const revoked = plain(object[name], 'revoked');
	whole(revoked, 'at');
	if (Object.hasOwn(revoked, 'reason')) text(revoked, 'reason');
}
