/**
 * The records of one commit of a vault: secrets sealed for its seq, the sheets that list them, the
 * manifest that lists those. Norm: docs/protocol.md, 7 and 10.
 */
import { COMMIT_BODY_BYTES, COMMIT_RECORDS, ITEMS_PER_VAULT } from '#lib/api/limits.ts';
import type { CommitRequest } from '#lib/api/vaults.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Put, Resolved } from '#lib/keyholder/intents.ts';
import type { ItemIndex } from '#lib/keyholder/item-index.ts';
import { rowOf } from '#lib/keyholder/open-account.ts';
import { place, type Placement } from '#lib/keyholder/placement.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import type { OpenEntry, OpenSheet, VaultState } from '#lib/keyholder/vault-state.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { entryOf, overviewWith, secretJson } from '#lib/keyholder/written-items.ts';
import { headAfter } from '#lib/protocol/chain.ts';
import { sealSecret, secretHash } from '#lib/protocol/secrets.ts';
import { sealSheet } from '#lib/protocol/sheets.ts';
import { sealVaultManifest, type VaultManifest } from '#lib/protocol/vault-manifest.ts';

/** A record's id and names in JSON, rounded up. */
const RECORD_JSON_BYTES = 64;

interface BuiltCommit {
	readonly request: CommitRequest;
	/** SHA-256 of its manifest. */
	readonly hash: Bytes;
	/** The vault once the commit is stored. */
	readonly next: VaultState;
	readonly rows: readonly KeyRow[];
}

type Secrets = CommitRequest['secrets'];

/** Told how many keys of a commit are sealed. */
export type OnSealed = (sealed: number) => void;

/**
 * Seals everything that `resolved` asks for as the commit after `vault`.
 *
 * @throws {KeyholderError} `invalid`, `too-large`, `full`; nothing was sent then.
 */
export async function buildCommit(
	ports: Ports,
	vault: VaultState,
	resolved: Resolved,
	onSealed: OnSealed = () => undefined
): Promise<BuiltCommit> {
	const secrets: Secrets = [];
	const written: OpenEntry[] = [];
	for (const put of resolved.puts) {
		written.push(await writeItem(ports, vault, put, secrets));
		onSealed(written.length);
	}
	const placement = place(
		vault,
		written.map(({ entry }) => entry),
		resolved.drops,
		() => idText(ports.random(16))
	);
	const items = vault.items.after(written, resolved.drops);
	const { sheets, blobs } = await sealSheets(ports, vault, placement, items);
	const manifest = await nextManifest(ports, vault, sheets, items.size);
	const { keys, account } = vault.place;
	const wrapped = await sealVaultManifest(keys.manifest, account, manifest, ports.random);
	const request: CommitRequest = {
		expected: { seq: vault.manifest.seq, head: vault.head },
		sheets: blobs,
		droppedSheets: [...placement.dropped],
		secrets,
		droppedSecrets: [...resolved.drops],
		manifest: wrapped
	};
	checkSize(request);
	const hash = await sha256(wrapped);
	const head = await headAfter(vault.head, hash);
	const next = { place: vault.place, manifest, head, sheets, items };
	return { request, hash, next, rows: written.map((open) => rowOf(vault.place.id, open)) };
}

/** Checks one item, seals its secret if it has a new one, and returns its entry. */
async function writeItem(
	{ random, now }: Ports,
	{ place: where, manifest }: VaultState,
	{ item, overview, secret, entry }: Put,
	secrets: Secrets
): Promise<OpenEntry> {
	const { account, id: vault, generation, keys } = where;
	const complete = await overviewWith(overview, secret, keys.fingerprint, now());
	if (secret === undefined) {
		if (entry === undefined) throw new KeyholderError('invalid', 'a key without a secret');
		return { entry: entryOf(entry, entry, complete), overview: complete };
	}
	const revision = manifest.seq + 1;
	const at = { account, vault, generation, item, revision };
	const blob = await sealSecret(keys.secrets, at, secretJson(secret), random);
	secrets.push({ item, blob });
	const named = { id: item, revision, secretHash: await secretHash(blob) };
	return { entry: entryOf(entry, named, complete), overview: complete };
}

async function sealSheets(
	{ random }: Ports,
	{ place: where, manifest, sheets: before }: VaultState,
	{ written, dropped }: Placement,
	items: ItemIndex
): Promise<{ sheets: Map<Id, OpenSheet>; blobs: { id: Id; blob: Bytes }[] }> {
	const { account, id: vault, generation, keys } = where;
	const revision = manifest.seq + 1;
	const sheets = new Map(before);
	const blobs: { id: Id; blob: Bytes }[] = [];
	for (const [sheet, listed] of written) {
		const at = { account, vault, generation, sheet, revision };
		const blob = await sealSheet(keys.sheets, at, listed, random);
		const entries = listed.flatMap(({ id }) => items.get(id) ?? []);
		blobs.push({ id: sheet, blob });
		sheets.set(sheet, { revision, hash: await sha256(blob), entries });
	}
	for (const sheet of dropped) sheets.delete(sheet);
	return { sheets, blobs };
}

async function nextManifest(
	{ pins, now }: Ports,
	{ manifest, head: prev }: VaultState,
	sheets: ReadonlyMap<Id, OpenSheet>,
	itemCount: number
): Promise<VaultManifest> {
	if (itemCount > ITEMS_PER_VAULT) {
		const detail = { size: itemCount, limit: ITEMS_PER_VAULT };
		throw new KeyholderError('full', 'more items than a vault holds', detail);
	}
	return {
		vault: manifest.vault,
		generation: manifest.generation,
		seq: manifest.seq + 1,
		prev,
		unixMs: now(),
		device: await pins.deviceId(),
		itemCount,
		sheets: [...sheets].map(([id, { revision, hash }]) => ({ id, revision, hash }))
	};
}

/** What a sealed record takes in the JSON of a request, rounded up. */
export function recordJsonBytes({ length }: Bytes): number {
	return Math.ceil((length * 4) / 3) + RECORD_JSON_BYTES;
}

/**
 * What the server would refuse is not sent.
 *
 * @throws {KeyholderError} `too-large`
 */
export function checkSize({
	sheets,
	droppedSheets,
	secrets,
	droppedSecrets,
	manifest
}: CommitRequest): void {
	const count = sheets.length + droppedSheets.length + secrets.length + droppedSecrets.length;
	if (count > COMMIT_RECORDS) {
		const detail = { size: count, limit: COMMIT_RECORDS };
		throw new KeyholderError('too-large', 'too many records for one commit', detail);
	}
	const blobs = [...sheets, ...secrets].map(({ blob }) => blob);
	const dropped = (droppedSheets.length + droppedSecrets.length) * RECORD_JSON_BYTES;
	const size = [manifest, ...blobs].reduce((sum, blob) => sum + recordJsonBytes(blob), dropped);
	if (size > COMMIT_BODY_BYTES) {
		const detail = { size, limit: COMMIT_BODY_BYTES };
		throw new KeyholderError('too-large', 'too many bytes for one commit', detail);
	}
}
