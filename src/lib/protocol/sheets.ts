/**
 * Sheets: the overviews of up to 64 items in one sealed record, so that opening a vault of 10,000
 * keys costs 157 decryptions and opens no secret. Norm: docs/protocol.md, 7.
 */
import { pad, pagesOf, unpad } from '#lib/crypto/padding.ts';
import type { Random } from '#lib/crypto/random.ts';
import { open, seal } from '#lib/crypto/seal.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { isId, type Id } from '#lib/encoding/id.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { ProtocolError, demand } from '#lib/protocol/errors.ts';
import { isObject, readJson, writeJson } from '#lib/protocol/json.ts';
import { isSecretHash } from '#lib/protocol/secrets.ts';

export const ITEMS_PER_SHEET = 64;
/** Of one entry's JSON. 64 of them fill 256,000 of the 262,140 bytes, so a sheet never overflows. */
export const ENTRY_MAX_BYTES = 4_000;
/** Of a sheet's JSON: 64 pages less the padding's prefix. */
export const SHEET_JSON_MAX_BYTES = 262_140;

const PAGES = /* @__PURE__ */ pagesOf(4_096);

/** One item in a sheet. */
export interface SheetEntry {
	readonly id: Id;
	/** Of the item's secret: seq of the commit that wrote it. */
	readonly revision: number;
	/** Of the item's sealed secret, from `secretHash`. */
	readonly secretHash: string;
	/** What a list of items shows; its members are the business of `items`. */
	readonly overview: object;
	/** Members that this version does not know; spread an entry to keep them. */
	readonly [other: string]: unknown;
}

interface SheetPlace {
	readonly account: Id;
	readonly vault: Id;
	/** Of the vault key. */
	readonly generation: number;
	readonly sheet: Id;
	/** Seq of the commit that writes the sheet, or wrote it. */
	readonly revision: number;
}

/** Seals 1 to 64 `entries`. @throws {ProtocolError} `format`, `integrity` for what no reader would accept. */
export async function sealSheet(
	key: CryptoKey,
	place: SheetPlace,
	entries: readonly SheetEntry[],
	random: Random
): Promise<Bytes> {
	for (const entry of entries) {
		if (entryBytes(entry) > ENTRY_MAX_BYTES)
			throw new ProtocolError('format', 'entry is too large');
	}
	checkEntries(entries, place.revision);
	const json = writeJson({ v: 1, items: entries.map(ordered) });
	return seal(key, sheetContext(place), pad(json, PAGES), random);
}

/**
 * Reverses {@link sealSheet}. The caller has compared the sealed bytes with the manifest's hash,
 * and looks for an item that stands in two sheets.
 *
 * @throws {CryptoError | ProtocolError} `format`, `unsupported`, `integrity`
 */
export async function openSheet(
	key: CryptoKey,
	place: SheetPlace,
	sealed: Bytes
): Promise<readonly SheetEntry[]> {
	const json = unpad(await open(key, sheetContext(place), sealed), PAGES);
	if (json.length > SHEET_JSON_MAX_BYTES) throw new ProtocolError('format', 'sheet is too large');
	const { v, items } = readJson(json);
	if (v !== 1) throw new ProtocolError('unsupported', 'sheet of another version');
	if (!isEntries(items)) throw new ProtocolError('format', 'not a sheet');
	checkEntries(items, place.revision);
	return items;
}

/** Size of an entry's JSON in bytes. */
export function entryBytes(entry: SheetEntry): number {
	return utf8(JSON.stringify(ordered(entry))).length;
}

function sheetContext({ account, vault, generation, sheet, revision }: SheetPlace): Bytes {
	const purpose = PURPOSE.sheet;
	return context({ purpose, generation, account, scope: vault, object: sheet, revision });
}

/** The members that everyone knows first, whatever order they came in. */
function ordered(entry: SheetEntry): SheetEntry {
	const { id, revision, secretHash, overview, ...others } = entry;
	return { id, revision, secretHash, overview, ...others };
}

function isEntries(items: unknown): items is readonly SheetEntry[] {
	return Array.isArray(items) && items.every(isEntry);
}

function isEntry(entry: unknown): entry is SheetEntry {
	if (!isObject(entry)) return false;
	const { id, revision, secretHash, overview } = entry;
	return (
		typeof id === 'string' &&
		isId(id) &&
		Number.isSafeInteger(revision) &&
		typeof secretHash === 'string' &&
		isSecretHash(secretHash) &&
		isObject(overview)
	);
}

function checkEntries(entries: readonly SheetEntry[], sheetRevision: number): void {
	const count = entries.length;
	demand(count >= 1 && count <= ITEMS_PER_SHEET, 'number of items in a sheet');
	demand(new Set(entries.map(({ id }) => id)).size === count, 'an item twice in a sheet');
	for (const { revision } of entries) {
		demand(revision >= 1 && revision <= sheetRevision, 'item revision does not fit the sheet');
	}
}
