/**
 * One vault under its next key: every secret and every sheet sealed again, and the manifest that
 * lists them. Norm: docs/protocol.md, 7 and 10.
 */
import type { RotationRequest } from '#lib/api/account.ts';
import type { RotationPart } from '#lib/api/rotations.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { ItemError, type Secret } from '#lib/items/key.ts';
import { parseSecret } from '#lib/items/secret.ts';
import { valueNamed } from '#lib/items/value-named.ts';
import { readOverview } from '#lib/items/unreadable.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { wipeVaultKeys } from '#lib/keyholder/open-account.ts';
import type { Wrapping } from '#lib/keyholder/new-slots.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import { partsOf } from '#lib/keyholder/rotation-parts.ts';
import {
	indexOf,
	type OpenEntry,
	type OpenSheet,
	type VaultPlace,
	type VaultState
} from '#lib/keyholder/vault-state.ts';
import { previousPrints } from '#lib/keyholder/written-items.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { fingerprint } from '#lib/protocol/fingerprint.ts';
import { isObject, type JsonObject } from '#lib/protocol/json.ts';
import { sealSecret, secretHash } from '#lib/protocol/secrets.ts';
import { ENTRY_MAX_BYTES, entryBytes, sealSheet, type SheetEntry } from '#lib/protocol/sheets.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { sealVaultManifest, type VaultManifest } from '#lib/protocol/vault-manifest.ts';
import { wrapVaultKey } from '#lib/protocol/wrapped-keys.ts';

type RotatedVault = RotationRequest['vaults'][number];
type SealedAnew = RotationPart['secrets'][number];

/** A vault as the switch puts it in the place of what is there. */
export interface BuiltVault {
	readonly request: RotatedVault;
	readonly parts: readonly RotationPart[];
	/** The vault once it is switched. */
	readonly next: VaultState;
}

/** Seals one vault again, secret by secret as they are read: none of them is kept open. */
export class VaultAnew {
	/** As it is sealed now. */
	readonly before: VaultState;
	readonly #ports: Ports;
	readonly #place: VaultPlace;
	readonly #keyWrap: Bytes;
	readonly #secrets: SealedAnew[] = [];
	readonly #entries = new Map<Id, OpenEntry>();

	private constructor(before: VaultState, ports: Ports, place: VaultPlace, keyWrap: Bytes) {
		this.before = before;
		this.#ports = ports;
		this.#place = place;
		this.#keyWrap = keyWrap;
	}

	/** @param vaultWrap the next account's key that wraps vault keys. */
	static async begin(
		ports: Ports,
		before: VaultState,
		{ account, generation: accountGeneration }: Wrapping,
		vaultWrap: Bytes
	): Promise<VaultAnew> {
		const { random } = ports;
		const { id } = before.place;
		const generation = before.place.generation + 1;
		const vaultKey = random(32);
		try {
			const where = { account, vault: id, accountGeneration, generation };
			const keyWrap = await wrapVaultKey({ ...where, key: vaultWrap, vaultKey, random });
			const keys = await vaultKeys(vaultKey);
			const keyWrapHash = await sha256(keyWrap);
			const floorSeq = before.manifest.seq + 1;
			const place = { account, id, generation, keyWrapHash, floorSeq, keys };
			return new VaultAnew(before, ports, place, keyWrap);
		} finally {
			vaultKey.fill(0);
		}
	}

	/** The seq of the vault after the switch, and the revision of every record in it. */
	get #revision(): number {
		return this.#place.floorSeq;
	}

	/** @throws {KeyholderError} `too-large` if the entry does not fit any more. */
	async take(open: OpenEntry, json: JsonObject): Promise<void> {
		const { account, id: vault, generation, keys } = this.#place;
		const revision = this.#revision;
		const item = open.entry.id;
		const at = { account, vault, generation, item, revision };
		const blob = await sealSecret(keys.secrets, at, json, this.#ports.random);
		this.#secrets.push({ item, blob });
		const overview = await overviewAnew(open, secretIn(json), keys.fingerprint);
		const entry = { ...open.entry, revision, secretHash: await secretHash(blob), overview };
		checkSize(entry);
		this.#entries.set(item, { entry, ...readOverview(overview) });
	}

	/** To be called once every secret was taken. */
	async build(): Promise<BuiltVault> {
		const { random } = this.#ports;
		const { account, id, keys } = this.#place;
		const { sheets, blobs } = await this.#sealSheets();
		const items = indexOf(sheets);
		const manifest = await this.#manifest(sheets, items.size);
		const wrapped = await sealVaultManifest(keys.manifest, account, manifest, random);
		const { manifest: before, head: prev } = this.before;
		const head = await headOf(prev, wrapped);
		return {
			request: {
				id,
				expected: { seq: before.seq, head: prev },
				secretCount: before.itemCount,
				keyWrap: this.#keyWrap,
				manifest: wrapped
			},
			parts: partsOf(id, blobs, this.#secrets),
			next: { place: this.#place, manifest, head, sheets, items }
		};
	}

	/** Overwrites the keys: the vault is not switched after all. */
	wipe(): void {
		wipeVaultKeys(this.#place.keys);
	}

	async #sealSheets(): Promise<{ sheets: Map<Id, OpenSheet>; blobs: RotationPart['sheets'] }> {
		const { account, id: vault, generation, keys } = this.#place;
		const revision = this.#revision;
		const sheets = new Map<Id, OpenSheet>();
		const blobs: RotationPart['sheets'] = [];
		for (const [sheet, { entries: before }] of this.before.sheets) {
			const entries = before.map(({ entry }) => this.#entryOf(entry.id));
			const at = { account, vault, generation, sheet, revision };
			const listed = entries.map(({ entry }) => entry);
			const blob = await sealSheet(keys.sheets, at, listed, this.#ports.random);
			blobs.push({ id: sheet, blob });
			sheets.set(sheet, { revision, hash: await sha256(blob), entries });
		}
		return { sheets, blobs };
	}

	#entryOf(item: Id): OpenEntry {
		const entry = this.#entries.get(item);
		if (entry === undefined) throw new KeyholderError('integrity', 'a secret was not read');
		return entry;
	}

	async #manifest(sheets: ReadonlyMap<Id, OpenSheet>, itemCount: number): Promise<VaultManifest> {
		const { pins, now } = this.#ports;
		return {
			vault: this.#place.id,
			generation: this.#place.generation,
			seq: this.#revision,
			prev: this.before.head,
			unixMs: now(),
			device: await pins.deviceId(),
			itemCount,
			sheets: [...sheets].map(([id, { revision, hash }]) => ({ id, revision, hash }))
		};
	}
}

/** A secret of a client that writes other shapes is carried over; only its values are not known. */
function secretIn(json: JsonObject): Secret | undefined {
	try {
		return parseSecret(json);
	} catch (error) {
		if (error instanceof ItemError) return undefined;
		throw error;
	}
}

/**
 * The overview as it was, but for the fingerprints that it has: they are keyed by the vault's key, so
 * each is made again from its value. One whose value is not there would never match again, and goes.
 * An overview that this version cannot read stays as it is.
 */
async function overviewAnew(
	{ entry: { overview: raw }, overview, unreadable }: OpenEntry,
	secret: Secret | undefined,
	key: Bytes
): Promise<object> {
	if (unreadable === true || !isObject(raw)) return raw;
	const fields = raw['fields'];
	if (!Array.isArray(fields)) return raw;
	const anew = await Promise.all(
		fields.map(async (field: unknown, index) => {
			if (!isObject(field) || !Object.hasOwn(field, 'fingerprint')) return field;
			const name = overview.fields[index]?.name ?? '';
			const value = secret === undefined ? undefined : valueNamed(secret, name, index);
			if (value !== undefined) return { ...field, fingerprint: await fingerprint(key, value) };
			return Object.fromEntries(Object.entries(field).filter(([each]) => each !== 'fingerprint'));
		})
	);
	const again = { ...raw, fields: anew };
	const before = raw['previousFingerprints'];
	if (!Array.isArray(before)) return again;
	const prints = secret === undefined ? [] : await previousPrints(secret, key);
	return { ...again, previousFingerprints: prints.slice(0, before.length) };
}

/** The revision that it carries now may take a digit more than the one before. */
function checkSize(entry: SheetEntry): void {
	const size = entryBytes(entry);
	if (size <= ENTRY_MAX_BYTES) return;
	const detail = { size, limit: ENTRY_MAX_BYTES };
	throw new KeyholderError('too-large', 'entry does not fit', detail);
}
