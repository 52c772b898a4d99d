/**
 * The values of a key as JSON, and what a change of value leaves behind.
 *
 * The limits are the protocol's: 65,532 bytes of JSON, at most ten previous values.
 */
import { utf8 } from '#lib/encoding/bytes.ts';
import { list, members, optional, text, version1, whole } from '#lib/items/json.ts';
import {
	FIELDS_PER_KEY,
	ItemError,
	PREVIOUS_VALUES,
	SECRET_BYTES,
	type Field,
	type PreviousValue,
	type Secret
} from '#lib/items/key.ts';

/**
 * Reads a secret that was opened; unknown members stay on the objects.
 *
 * @throws {ItemError} `format`, `unsupported`
 */
export function parseSecret(json: unknown): Secret {
	const secret = members(json, 'secret');
	return {
		...secret,
		v: version1(secret, 'secret'),
		fields: fieldsOf(secret),
		...optional(secret, 'previous', (object, name) =>
			list(object, name, PREVIOUS_VALUES, previousOf)
		)
	};
}

/**
 * The secret with new values; the old ones become its newest previous value. The oldest previous
 * values are dropped while there are more than ten, or while the whole would not fit.
 *
 * @param keepUntil until when the provider still takes the old value, in milliseconds since 1970
 * @throws {ItemError} `secret-too-large` if the new values do not fit even alone
 */
export function replaceValue(
	secret: Secret,
	fields: readonly Field[],
	now: number,
	keepUntil?: number
): Secret {
	const replaced: PreviousValue = {
		replacedAt: now,
		...(keepUntil === undefined ? {} : { keepUntil }),
		fields: secret.fields
	};
	const { previous = [], ...rest } = secret;
	let kept = [replaced, ...previous].slice(0, PREVIOUS_VALUES);
	for (;;) {
		const next: Secret = { ...rest, fields, ...(kept.length === 0 ? {} : { previous: kept }) };
		if (kept.length === 0) return checkSecret(next);
		if (jsonBytes(next) <= SECRET_BYTES) return next;
		kept = kept.slice(0, -1);
	}
}

/**
 * Returns the secret if it may be sealed.
 *
 * @throws {ItemError} `secret-too-large`, `too-many`
 */
export function checkSecret(secret: Secret): Secret {
	if (secret.fields.length > FIELDS_PER_KEY) {
		const size = { is: secret.fields.length, limit: FIELDS_PER_KEY };
		throw new ItemError('too-many', 'a key has too many fields', size);
	}
	const is = jsonBytes(secret);
	if (is > SECRET_BYTES) {
		throw new ItemError('secret-too-large', 'values do not fit', { is, limit: SECRET_BYTES });
	}
	return secret;
}

/** Bytes of `value` as JSON in UTF-8. */
export function jsonBytes(value: object): number {
	return utf8(JSON.stringify(value)).length;
}

function previousOf(json: unknown): PreviousValue {
	const previous = members(json, 'previous');
	return {
		...previous,
		replacedAt: whole(previous, 'replacedAt'),
		...optional(previous, 'keepUntil', whole),
		fields: fieldsOf(previous)
	};
}

function fieldsOf(object: Readonly<Record<string, unknown>>): Field[] {
	return list(object, 'fields', FIELDS_PER_KEY, (json) => {
		const field = members(json, 'field');
		return { ...field, name: text(field, 'name'), value: text(field, 'value') };
	});
}
