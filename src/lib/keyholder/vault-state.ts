/**
 * The verified state of a vault, and how an answer of the server becomes one. Norm:
 * docs/protocol.md, 7 and 9.
 */
import type { VaultHead } from '#lib/api/vaults.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import type { Overview } from '#lib/items/key.ts';
import { readOverview } from '#lib/items/unreadable.ts';
import { ahead } from '#lib/keyholder/ahead.ts';
import { checkDescent, type Known } from '#lib/keyholder/descent.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { ItemIndex } from '#lib/keyholder/item-index.ts';
import type { ManifestVault } from '#lib/protocol/account-manifest.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { demand } from '#lib/protocol/errors.ts';
import { openSheet, type SheetEntry } from '#lib/protocol/sheets.ts';
import type { VaultKeys } from '#lib/protocol/vault-keys.ts';
import { openVaultManifest, type VaultManifest } from '#lib/protocol/vault-manifest.ts';

/** WebCrypto has threads of its own: it hashes and opens the next ones while one is read. */
const SHEETS_AHEAD = 128;

/** Where a vault has to be, as the account manifest lists it, and the keys that its wrap held. */
export interface VaultPlace extends ManifestVault {
	readonly account: Id;
	readonly keys: VaultKeys;
}

export interface VaultState {
	readonly place: VaultPlace;
	readonly manifest: VaultManifest;
	readonly head: Bytes;
	readonly sheets: ReadonlyMap<Id, OpenSheet>;
	/** Every entry of every sheet, by the id of its item. */
	readonly items: ItemIndex;
}

export interface OpenSheet {
	/** Seq of the commit that wrote it. */
	readonly revision: number;
	/** SHA-256 of the sealed sheet. */
	readonly hash: Bytes;
	readonly entries: readonly OpenEntry[];
}

export interface OpenEntry {
	/** As it was opened, with members that this version does not know. */
	readonly entry: SheetEntry;
	/** The same overview, checked; a blank if this version cannot read it. */
	readonly overview: Overview;
	readonly unreadable?: true;
}

/** A verified manifest whose sheets are still to be opened. */
export interface VaultHeading {
	readonly manifest: VaultManifest;
	readonly head: Bytes;
}

/**
 * Verifies an answer whole: {@link verifyHeading}, then its sheets.
 *
 * @param own sheets of a verified state: those that did not change are not served again.
 * @throws what the layers below throw; all of it is final.
 */
export async function verifyVault(
	place: VaultPlace,
	served: VaultHead,
	known: Known,
	own: ReadonlyMap<Id, OpenSheet>
): Promise<VaultState> {
	return await openVault(place, served, await verifyHeading(place, served, known), { own });
}

/** The manifest of an answer, its place in the chain, and the floor under it. */
export async function verifyHeading(
	place: VaultPlace,
	served: VaultHead,
	known: Known
): Promise<VaultHeading> {
	const { seq, generation, blob } = served.manifest;
	demand(generation === place.generation, 'vault of another generation than listed');
	const expected = { vault: place.id, generation, seq };
	const manifest = await openVaultManifest(place.keys.manifest, place.account, expected, blob);
	const head = await headOf(manifest.prev, blob);
	await checkDescent(known, { seq, head, prev: manifest.prev, generation }, served.chain);
	if (seq < place.floorSeq) {
		const detail = { expectedSeq: place.floorSeq, servedSeq: seq };
		throw new KeyholderError('rollback', 'vault is older than its account says', detail);
	}
	return { manifest, head };
}

/** What {@link openVault} need not ask for or compute, and whom it tells how far it is. */
interface Opening {
	/** Sheets of a verified state: those that did not change are not served again. */
	readonly own?: ReadonlyMap<Id, OpenSheet>;
	/** SHA-256 of the served sheets, as this device has computed them already. */
	readonly hashes?: ReadonlyMap<Id, Bytes> | undefined;
	/** Called with the number of entries after each sheet. */
	readonly onOpened?: (entries: number) => void;
}

/** Opens the sheets under a verified manifest. */
export async function openVault(
	place: VaultPlace,
	served: VaultHead,
	{ manifest, head }: VaultHeading,
	opening: Opening
): Promise<VaultState> {
	const sheets = await openSheets(place, manifest, served, opening);
	const items = indexOf(sheets);
	demand(items.size === manifest.itemCount, 'another number of items than listed');
	return { place, manifest, head, sheets, items };
}

/** Every item by its id. @throws {ProtocolError} `integrity` if one stands in two sheets. */
export function indexOf(sheets: ReadonlyMap<Id, OpenSheet>): ItemIndex {
	const items = new Map<Id, OpenEntry>();
	let count = 0;
	for (const sheet of sheets.values()) {
		for (const open of sheet.entries) items.set(open.entry.id, open);
		count += sheet.entries.length;
		demand(items.size === count, 'an item stands twice in the vault');
	}
	return new ItemIndex(items);
}

/** The sheets present, served or our own copies, are those listed: none more, none fewer. */
async function openSheets(
	place: VaultPlace,
	manifest: VaultManifest,
	served: VaultHead,
	{ own, hashes, onOpened }: Opening
): Promise<Map<Id, OpenSheet>> {
	const arrived = new Map(served.sheets.map((sheet) => [sheet.id, sheet]));
	demand(arrived.size === served.sheets.length, 'a sheet was served twice');
	const sheets = new Map<Id, OpenSheet>();
	const opening = ahead(manifest.sheets, SHEETS_AHEAD, async ({ id, revision, hash }) => {
		const sheet = arrived.get(id);
		arrived.delete(id);
		const opened =
			sheet === undefined
				? ownCopy(own?.get(id), revision, hash)
				: await openServed(place, sheet, { revision, hash }, hashes?.get(id));
		return { id, opened };
	});
	for await (const { id, opened } of opening) {
		sheets.set(id, opened);
		onOpened?.(opened.entries.length);
	}
	demand(arrived.size === 0, 'a sheet that is not listed');
	return sheets;
}

function ownCopy(copy: OpenSheet | undefined, revision: number, hash: Bytes): OpenSheet {
	demand(copy !== undefined, 'a listed sheet is missing');
	demand(copy.revision === revision && equal(copy.hash, hash), 'a newer sheet is missing');
	return copy;
}

async function openServed(
	{ account, id: vault, generation, keys }: VaultPlace,
	sheet: VaultHead['sheets'][number],
	{ revision, hash }: Pick<OpenSheet, 'revision' | 'hash'>,
	computed: Bytes | undefined
): Promise<OpenSheet> {
	demand(sheet.revision === revision, 'sheet of another revision than listed');
	demand(equal(computed ?? (await sha256(sheet.blob)), hash), 'another sheet than listed');
	const where = { account, vault, generation, sheet: sheet.id, revision };
	const opened = await openSheet(keys.sheets, where, sheet.blob);
	const entries = opened.map((entry) => ({ entry, ...readOverview(entry.overview) }));
	return { revision, hash, entries };
}
