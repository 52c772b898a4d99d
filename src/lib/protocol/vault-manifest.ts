/**
 * The vault manifest: which sheets a vault consists of, by hash, and its place in the vault's
 * chain. What it does not list does not exist. Norm: docs/protocol.md, 7.
 */
import type { Random } from '#lib/crypto/random.ts';
import { unwrap, wrap } from '#lib/crypto/wrap.ts';
import { Reader, Writer } from '#lib/encoding/binary.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { orFormat, demand } from '#lib/protocol/errors.ts';
import {
	ascending,
	checkAscending,
	checkLink,
	HASH_BYTES,
	MANIFEST_VERSION,
	readMagic
} from '#lib/protocol/manifest-fields.ts';
import { ITEMS_PER_SHEET } from '#lib/protocol/sheets.ts';

export const ITEMS_PER_VAULT = 20_000;

const MAGIC = 'KHVM';

export interface ManifestSheet {
	readonly id: Id;
	/** Seq of the commit that wrote the sheet. */
	readonly revision: number;
	/** SHA-256 of the whole sealed sheet. */
	readonly hash: Bytes;
}

export interface VaultManifest {
	readonly vault: Id;
	/** Of the vault key. */
	readonly generation: number;
	readonly seq: number;
	/** The head before this one; zeros if seq is 1. */
	readonly prev: Bytes;
	/** When it was written, by the writer's clock. */
	readonly unixMs: number;
	/** The device that wrote it. */
	readonly device: Id;
	readonly itemCount: number;
	readonly sheets: readonly ManifestSheet[];
}

/** What the reader knows before it opens: from the account manifest, and the seq that was served. */
interface ExpectedVault {
	readonly vault: Id;
	readonly generation: number;
	readonly seq: number;
}

/** Puts the sheets in order and wraps. @throws {ProtocolError} for what no reader would accept. */
export async function sealVaultManifest(
	key: Bytes,
	account: Id,
	manifest: VaultManifest,
	random: Random
): Promise<Bytes> {
	const plain = orFormat(() => write(manifest));
	check(orFormat(() => read(plain)));
	return wrap(key, manifestContext(account, manifest), plain, random);
}

/**
 * Reverses {@link sealVaultManifest} and checks all that one manifest can show: repeated fields,
 * the link, order and counts. That it continues the chain is `follow`'s question.
 *
 * @throws {CryptoError | ProtocolError} `format`, `unsupported`, `integrity`
 */
export async function openVaultManifest(
	key: Bytes,
	account: Id,
	expected: ExpectedVault,
	wrapped: Bytes
): Promise<VaultManifest> {
	const plain = await unwrap(key, manifestContext(account, expected), wrapped);
	const manifest = orFormat(() => read(plain));
	demand(manifest.vault === expected.vault, 'manifest of another vault');
	demand(manifest.generation === expected.generation, 'manifest of another generation');
	demand(manifest.seq === expected.seq, 'manifest of another seq');
	check(manifest);
	return manifest;
}

function manifestContext(account: Id, { vault, generation, seq }: ExpectedVault): Bytes {
	const purpose = PURPOSE.vaultManifest;
	return context({ purpose, generation, account, scope: vault, revision: seq });
}

function write(manifest: VaultManifest): Bytes {
	const writer = new Writer()
		.bytes(utf8(MAGIC))
		.u8(MANIFEST_VERSION)
		.id(manifest.vault)
		.u32(manifest.generation)
		.u64(manifest.seq)
		.bytes(manifest.prev)
		.u64(manifest.unixMs)
		.id(manifest.device)
		.u32(manifest.itemCount)
		.u16(manifest.sheets.length);
	for (const sheet of ascending(manifest.sheets)) {
		writer.id(sheet.id).u64(sheet.revision).bytes(sheet.hash);
	}
	return writer.done();
}

function read(plain: Bytes): VaultManifest {
	const reader = new Reader(plain);
	readMagic(reader, MAGIC);
	const manifest = {
		vault: reader.id(),
		generation: reader.u32(),
		seq: reader.u64(),
		prev: reader.bytes(HASH_BYTES),
		unixMs: reader.u64(),
		device: reader.id(),
		itemCount: reader.u32(),
		sheets: Array.from({ length: reader.u16() }, () => ({
			id: reader.id(),
			revision: reader.u64(),
			hash: reader.bytes(HASH_BYTES)
		}))
	};
	reader.end();
	return manifest;
}

function check({ seq, prev, itemCount, sheets }: VaultManifest): void {
	checkLink(seq, prev);
	checkAscending(sheets);
	demand(seq > 1 || sheets.length === 0, 'the first manifest of a vault lists nothing');
	for (const sheet of sheets) {
		demand(sheet.revision >= 1 && sheet.revision <= seq, 'sheet revision does not fit seq');
	}
	demand(
		itemCount >= sheets.length && itemCount <= sheets.length * ITEMS_PER_SHEET,
		'item count does not fit the sheets'
	);
	demand(itemCount <= ITEMS_PER_VAULT, 'more items than a vault may hold');
}
