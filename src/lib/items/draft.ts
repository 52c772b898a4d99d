/**
 * Drafts: what a person typed or pasted becomes a key, a key becomes what an edit form starts from.
 */
import { isWellFormed } from '#lib/encoding/bytes.ts';
import { hintOf, wholeOf } from '#lib/items/hint.ts';
import { present, whole, without } from '#lib/items/json.ts';
import {
	ENTRY_BYTES,
	ItemError,
	type Draft,
	type DraftField,
	type Field,
	type FieldOverview,
	type Overview,
	type Secret
} from '#lib/items/key.ts';
import {
	BLANK,
	checkOverview,
	entryBytes,
	LATER_BYTES,
	laterBytes,
	ROTATE_DAYS,
	validDay
} from '#lib/items/overview.ts';
import { withPrevious } from '#lib/items/previous.ts';
import { checkSecret, replaceValue } from '#lib/items/secret.ts';

/** Members that an edit sets or takes away. */
const DESCRIBED = [
	'provider',
	'project',
	'environment',
	'url',
	'note',
	'expiresOn',
	'rotateEveryDays'
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
 * A new key from what a person typed or pasted.
 *
 * @throws {ItemError} `empty`, `too-many`, `entry-too-large`, `secret-too-large`
 */
export function newKey(draft: Draft, now: number): NewKey {
	const secret = newSecret(draft);
	return { overview: newOverview(draft, secret, now), secret };
}

function newSecret(draft: Draft): Secret {
	const fields = filled(draft).map(({ name, value }) => ({ name, value }));
	if (draft.name.trim() === '' || fields.length === 0) {
		throw new ItemError('empty', 'a key needs a name and a value');
	}
	if (!fields.every(({ name, value }) => isWellFormed(name) && isWellFormed(value))) {
		throw new ItemError('format', 'a value has half a character');
	}
	return checkSecret({ v: 1, fields });
}

/**
 * The overview of a new key.
 *
 * @throws {ItemError} `entry-too-large`, `format` if the draft's day or rule is none
 */
export function newOverview(draft: Draft, secret: Secret, now: number): Overview {
	const blank: Overview = { ...BLANK, v: 1, name: '', createdAt: now, changedAt: now };
	return checkOverview(withPrevious(describe(blank, draft), secret), LATER_BYTES);
}

/**
 * A key after an edit. Values that changed leave the old ones among the previous; an edit of the
 * overview alone returns the same secret, which then need not be sealed again.
 *
 * @param keepUntil until when the provider still takes the old value, in milliseconds since 1970
 * @throws {ItemError} `empty`, `too-many`, `entry-too-large`, `secret-too-large`
 */
export function editKey(key: NewKey, draft: Draft, now: number, keepUntil?: number): EditedKey {
	const { fields } = newSecret(draft);
	// What fitted fits again: a key of another client may have left less room.
	const free = Math.min(laterBytes(key.overview), ENTRY_BYTES - entryBytes(key.overview));
	const secretChanged = !sameFields(fields, key.secret.fields);
	const secret = secretChanged
		? replaceValue(key.secret, overlaid(fields, key.secret.fields), now, keepUntil)
		: key.secret;
	if (!secretChanged) {
		const overview = checkOverview(describe(key.overview, draft), free);
		return { overview, secret, secretChanged };
	}
	const overview = withPrevious(describe(withoutValues(key.overview, now), draft), secret);
	return { overview: checkOverview(overview, free), secret, secretChanged };
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

/** `overview` with what the draft says; what the draft left empty is taken away. */
function describe(overview: Overview, draft: Draft): Overview {
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
			rotateEveryDays: rotation(draft.rotateEveryDays)
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
		...present({ hint: field.hidden ? hintOf(field.value) : wholeOf(field.value) })
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
