/**
 * The overview of a key: reading it, and making it from what a person typed.
 */
import { isWellFormed } from '#lib/encoding/bytes.ts';
import { isDay } from '#lib/items/expiry.ts';
import { hintOf } from '#lib/items/hint.ts';
import {
	list,
	members,
	oneOf,
	optional,
	present,
	text,
	texts,
	version1,
	whole,
	without,
	yesNo
} from '#lib/items/json.ts';
import {
	ENTRY_BYTES,
	FIELDS_PER_KEY,
	ItemError,
	type Draft,
	type DraftField,
	type Field,
	type FieldOverview,
	type Hint,
	type Overview,
	type Revoked,
	type Secret
} from '#lib/items/key.ts';
import { checkSecret, jsonBytes, replaceValue } from '#lib/items/secret.ts';

/** What surrounds an overview in its sheet: id, revision (16 digits at most) and hash of the secret. */
const ENVELOPE_BYTES = 130;
/** `,"fingerprint":"…"` of one field: the keyholder adds it after the size was checked. */
const FINGERPRINT_BYTES = 39;
/** Lists are bounded by the entry's bytes as well; this only ends silly ones early. */
const WORDS = 100;
/** A century: a larger number is a slip. */
const ROTATE_DAYS = 36_500;
const STATUSES = ['active', 'revoked', 'archived'] as const;
/** What is read where another client left a member out. */
const BLANK = { envVars: [], tags: [], fields: [], status: 'active', createdAt: 0 } as const;
/** Members that an edit sets or takes away. */
const DESCRIBED = [
	'provider',
	'project',
	'environment',
	'url',
	'note',
	'expiresOn',
	'rotateEveryDays',
	'previousCount'
] as const;

/** A key as its two records. */
export interface NewKey {
	readonly overview: Overview;
	readonly secret: Secret;
}

export interface EditedKey extends NewKey {
	/** Whether the secret must be sealed anew. */
	readonly secretChanged: boolean;
}

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
		...optional(overview, 'revoked', (object, name) => revokedFrom(object[name])),
		...optional(overview, 'archivedAt', whole),
		...optional(overview, 'trashedAt', whole),
		...optional(overview, 'previousCount', whole)
	};
}

/**
 * A new key from what a person typed or pasted.
 *
 * @throws {ItemError} `empty`, `too-many`, `entry-too-large`, `secret-too-large`
 */
export function newKey(draft: Draft, now: number): NewKey {
	const fields = filled(draft).map(({ name, value }) => ({ name, value }));
	if (draft.name.trim() === '' || fields.length === 0) {
		throw new ItemError('empty', 'a key needs a name and a value');
	}
	if (!fields.every(({ name, value }) => isWellFormed(name) && isWellFormed(value))) {
		throw new ItemError('format', 'a value has half a character');
	}
	const secret = checkSecret({ v: 1, fields });
	return { overview: newOverview(draft, secret, now), secret };
}

/**
 * The overview of a new key.
 *
 * @throws {ItemError} `entry-too-large`, `format` if the draft's day or rule is none
 */
export function newOverview(draft: Draft, secret: Secret, now: number): Overview {
	const blank: Overview = { ...BLANK, v: 1, name: '', createdAt: now, changedAt: now };
	return checkOverview(describe(blank, draft, secret));
}

/**
 * A key after an edit. Values that changed leave the old ones among the previous; an edit of the
 * overview alone returns the same secret, which then need not be sealed again.
 *
 * @param keepUntil until when the provider still takes the old value, in milliseconds since 1970
 * @throws {ItemError} `empty`, `too-many`, `entry-too-large`, `secret-too-large`
 */
export function editKey(key: NewKey, draft: Draft, now: number, keepUntil?: number): EditedKey {
	const { fields } = newKey(draft, now).secret;
	const secretChanged = !sameFields(fields, key.secret.fields);
	const secret = secretChanged
		? replaceValue(key.secret, overlaid(fields, key.secret.fields), now, keepUntil)
		: key.secret;
	const start = secretChanged ? withoutValues(key.overview, now) : key.overview;
	const overview = describe(start, draft, secret);
	return { overview: checkOverview(overview), secret, secretChanged };
}

/** What an edit form starts from. */
export function draftOf({ overview, secret }: NewKey): Draft {
	const { name, provider, envVars, project, environment, tags, url, note } = overview;
	const { expiresOn, rotateEveryDays } = overview;
	return {
		name,
		envVars,
		tags,
		...present({ provider, project, environment, url, note, expiresOn, rotateEveryDays }),
		fields: secret.fields.map((field) => ({
			name: field.name,
			value: field.value,
			hidden: overview.fields.find(({ name }) => name === field.name)?.hidden ?? true
		}))
	};
}

/**
 * Returns the overview if its entry may be sealed.
 *
 * @throws {ItemError} `entry-too-large` with the bytes that it takes and may take
 */
export function checkOverview(overview: Overview): Overview {
	const is = entryBytes(overview);
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

/** `overview` with what the draft says; what the draft left empty is taken away. */
function describe(overview: Overview, draft: Draft, secret: Secret): Overview {
	const previousCount = secret.previous?.length ?? 0;
	return {
		...without(overview, DESCRIBED),
		name: draft.name.trim(),
		envVars: words(draft.envVars),
		tags: words(draft.tags),
		...present({
			provider: line(draft.provider),
			project: line(draft.project),
			environment: line(draft.environment),
			url: line(draft.url),
			note: line(draft.note),
			expiresOn: draft.expiresOn === undefined ? undefined : validDay(draft.expiresOn),
			rotateEveryDays: rotation(draft.rotateEveryDays),
			previousCount: previousCount === 0 ? undefined : previousCount
		}),
		fields: filled(draft).map((field) => fieldOverview(field, overview.fields))
	};
}

/** Before new values: the fingerprints are of the old ones. */
function withoutValues(overview: Overview, changedAt: number): Overview {
	const fields = overview.fields.map((field) => without(field, ['fingerprint']));
	return { ...overview, changedAt, fields };
}

function fieldOverview(field: DraftField, known: readonly FieldOverview[]): FieldOverview {
	const before = known.find(({ name }) => name === field.name);
	return {
		...(before === undefined ? {} : without(before, ['hint'])),
		name: field.name,
		hidden: field.hidden,
		...present({ hint: hintOf(field.value) })
	};
}

function filled(draft: Draft): readonly DraftField[] {
	return draft.fields.filter((field) => field.value !== '');
}

/** Each field over the one that had its name, so that members this version does not know are kept. */
function overlaid(fields: readonly Field[], before: readonly Field[]): Field[] {
	return fields.map((field) => ({ ...before.find(({ name }) => name === field.name), ...field }));
}

function sameFields(a: readonly Field[], b: readonly Field[]): boolean {
	return (
		a.length === b.length &&
		a.every((field, i) => field.name === b[i]?.name && field.value === b[i].value)
	);
}

function line(typed: string | undefined): string | undefined {
	const text = typed?.trim() ?? '';
	return text === '' ? undefined : text;
}

function words(typed: readonly string[] = []): string[] {
	return [...new Set(typed.map((word) => word.trim()).filter((word) => word !== ''))];
}

function rotation(days: number | undefined): number | undefined {
	if (days === undefined) return undefined;
	return whole({ rotateEveryDays: days }, 'rotateEveryDays', 1, ROTATE_DAYS);
}

function validDay(day: string): string {
	if (!isDay(day)) throw new ItemError('format', 'expiresOn is not a day');
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
