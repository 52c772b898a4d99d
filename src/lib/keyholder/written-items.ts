/**
 * Items on their way into a vault: checked as they will be read. What the caller got wrong is found
 * here, so that nothing is ever sealed that no client could open again.
 */
import type { Id } from '#lib/api/wire.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { ENTRY_BYTES, ItemError, type Overview, type Secret } from '#lib/items/key.ts';
import { without } from '#lib/items/json.ts';
import { checkOverview, entryBytes, parseOverview } from '#lib/items/overview.ts';
import { recognisedValues } from '#lib/items/previous.ts';
import { checkSecret, parseSecret } from '#lib/items/secret.ts';
import { valueNamed } from '#lib/items/value-named.ts';
import { KeyholderError, keyholderError } from '#lib/keyholder/errors.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { fingerprint } from '#lib/protocol/fingerprint.ts';
import { readJson, writeJson, type JsonObject } from '#lib/protocol/json.ts';
import type { SheetEntry } from '#lib/protocol/sheets.ts';

/** A secret as JSON. @throws {KeyholderError} `invalid`, `too-large` */
export function secretJson(secret: Secret): JsonObject {
	return orRefused(() => plain(checkSecret(parseSecret(secret))));
}

/**
 * The overview as it is sealed: with the fingerprints of the values, if they are written too, and
 * with the moments that the caller left open.
 *
 * @param key the vault's fingerprint key.
 * @throws {KeyholderError} `invalid`
 */
export async function overviewWith(
	overview: Overview,
	secret: Secret | undefined,
	key: Bytes,
	nowMs: number
): Promise<Overview> {
	const moments = { createdAt: nowMs, changedAt: nowMs };
	const checked = orRefused(() => parseOverview(plain({ ...moments, ...overview })));
	if (secret === undefined) return fitting(checked);
	const said = without(checked, ['previousFingerprints']);
	const fields = await Promise.all(
		checked.fields.map(async (field, index) => {
			const value = valueNamed(secret, field.name, index);
			if (value === undefined) return field;
			return { ...field, fingerprint: await fingerprint(key, value) };
		})
	);
	const complete = { ...said, fields };
	const previousFingerprints = await previousPrints(secret, key);
	return previousFingerprints.length === 0
		? complete
		: fitting({ ...complete, previousFingerprints });
}

/**
 * Without those fingerprints of previous values for which there is no room, also where only the
 * overview is changed: a key must go into the trash. What is too large anyway its entry refuses.
 */
function fitting(overview: Overview): Overview {
	const bare = without(overview, ['previousFingerprints']);
	return entryBytes(bare) > ENTRY_BYTES ? bare : checkOverview(overview);
}

/** By which the values that a key had before are recognised, newest first. */
export async function previousPrints(secret: Secret, key: Bytes): Promise<string[]> {
	return await Promise.all(recognisedValues(secret).map((value) => fingerprint(key, value)));
}

/**
 * The entry of an item. Members of the one it replaces that this version does not know are kept.
 *
 * @throws {KeyholderError} `invalid`, `too-large`
 */
export function entryOf(
	replaced: SheetEntry | undefined,
	item: { readonly id: Id; readonly revision: number; readonly secretHash: string },
	overview: Overview
): SheetEntry {
	return orRefused(() => {
		const entry = { ...replaced, ...item, overview: plain(overview) };
		const size = writeJson(entry).length;
		// Once more where it will stand: a sheet's JSON is deeper than its entry's.
		writeJson({ items: [entry] });
		if (size <= ENTRY_BYTES) return entry;
		const detail = { size, limit: ENTRY_BYTES };
		throw new KeyholderError('too-large', 'entry does not fit', detail);
	});
}

/** `value` as the JSON that it is written as: without members that are undefined. */
export function plain(value: object): JsonObject {
	return readJson(new TextEncoder().encode(JSON.stringify(value)));
}

/** What is refused here came from the caller, not from a server. */
export function orRefused<T>(write: () => T): T {
	try {
		return write();
	} catch (error) {
		if (error instanceof ProtocolError) throw new KeyholderError('invalid', error.message);
		if (!(error instanceof ItemError)) throw error;
		const found = keyholderError(error);
		if (found instanceof KeyholderError && found.code === 'too-large') throw found;
		throw new KeyholderError('invalid', error.message);
	}
}
