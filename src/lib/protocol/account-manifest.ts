/**
 * The account manifest: the ways in, the vaults with their keys, the settings, each by hash, and
 * its place in the account's chain. It makes a hidden vault, a slot brought back from the dead
 * and an old vault key visible. Norm: docs/protocol.md, 8.
 */
import type { KeyMaterial } from '#lib/crypto/hkdf.ts';
import { KDF_PROFILES } from '#lib/crypto/kdf.ts';
import type { Random } from '#lib/crypto/random.ts';
import { SUITE } from '#lib/crypto/suite.ts';
import { unwrap, wrap } from '#lib/crypto/wrap.ts';
import { Reader, Writer } from '#lib/encoding/binary.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { orFormat, ProtocolError, demand } from '#lib/protocol/errors.ts';
import {
	ascending,
	checkAscending,
	checkLink,
	HASH_BYTES,
	isNoHash,
	MANIFEST_VERSION,
	noHash,
	readMagic
} from '#lib/protocol/manifest-fields.ts';
import { checkKind, SLOT_KIND } from '#lib/protocol/slots.ts';

export const SLOTS_PER_ACCOUNT = 16;
export const VAULTS_PER_ACCOUNT = 64;

const MAGIC = 'KHAM';

export interface ManifestSlot {
	readonly id: Id;
	readonly kind: number;
	/** Of the password's slot; 0 for every other kind. */
	readonly profile: number;
	readonly createdMs: number;
	/** 32 bytes; zeros for a passkey, which proves by its own key. */
	readonly authPublicKey: Bytes;
	/** SHA-256 of the slot's wrap. */
	readonly wrapHash: Bytes;
}

export interface ManifestVault {
	readonly id: Id;
	/** Of the vault key. */
	readonly generation: number;
	/** SHA-256 of the vault key's wrap. */
	readonly keyWrapHash: Bytes;
	/** The highest seq of the vault that was verified when this was written; it never falls. */
	readonly floorSeq: number;
}

export interface AccountManifest {
	readonly account: Id;
	/** Of the account key. */
	readonly generation: number;
	readonly seq: number;
	/** The head before this one; zeros if seq is 1. */
	readonly prev: Bytes;
	readonly minSuite: number;
	/** No password slot of the account may have a lower profile; it never falls. */
	readonly minProfile: number;
	/** When it was written, by the writer's clock. */
	readonly unixMs: number;
	/** The device that wrote it. */
	readonly device: Id;
	/** SHA-256 of the settings as sealed, or undefined if there are none. */
	readonly settingsHash: Bytes | undefined;
	readonly slots: readonly ManifestSlot[];
	readonly vaults: readonly ManifestVault[];
}

/** What the reader knows before it opens; the numbers may be a server's: wrong ones do not open. */
interface ExpectedAccount {
	readonly account: Id;
	readonly generation: number;
	readonly seq: number;
}

/** Puts both lists in order and wraps. @throws {ProtocolError} for what no reader would accept. */
export async function sealAccountManifest(
	key: KeyMaterial,
	manifest: AccountManifest,
	random: Random
): Promise<Bytes> {
	const plain = orFormat(() => write(manifest));
	check(orFormat(() => read(plain)));
	return wrap(key, manifestContext(manifest), plain, random);
}

/**
 * Reverses {@link sealAccountManifest} and checks all that one manifest can show: repeated
 * fields, the link, order, counts, kinds and profiles.
 *
 * @throws {CryptoError | ProtocolError} `format`, `unsupported`, `integrity`
 */
export async function openAccountManifest(
	key: KeyMaterial,
	expected: ExpectedAccount,
	wrapped: Bytes
): Promise<AccountManifest> {
	const plain = await unwrap(key, manifestContext(expected), wrapped);
	const manifest = orFormat(() => read(plain));
	demand(manifest.account === expected.account, 'manifest of another account');
	demand(manifest.generation === expected.generation, 'manifest of another generation');
	demand(manifest.seq === expected.seq, 'manifest of another seq');
	check(manifest);
	return manifest;
}

function manifestContext({ account, generation, seq }: ExpectedAccount): Bytes {
	return context({ purpose: PURPOSE.accountManifest, generation, account, revision: seq });
}

function write(manifest: AccountManifest): Bytes {
	const writer = new Writer()
		.bytes(utf8(MAGIC))
		.u8(MANIFEST_VERSION)
		.id(manifest.account)
		.u32(manifest.generation)
		.u64(manifest.seq)
		.bytes(manifest.prev)
		.u8(manifest.minSuite)
		.u8(manifest.minProfile)
		.u64(manifest.unixMs)
		.id(manifest.device)
		.bytes(manifest.settingsHash ?? noHash())
		.u16(manifest.slots.length);
	for (const slot of ascending(manifest.slots)) {
		writer.id(slot.id).u8(slot.kind).u8(slot.profile).u64(slot.createdMs);
		writer.bytes(slot.authPublicKey).bytes(slot.wrapHash);
	}
	writer.u16(manifest.vaults.length);
	for (const vault of ascending(manifest.vaults)) {
		writer.id(vault.id).u32(vault.generation).bytes(vault.keyWrapHash).u64(vault.floorSeq);
	}
	return writer.done();
}

function read(plain: Bytes): AccountManifest {
	const reader = new Reader(plain);
	readMagic(reader, MAGIC);
	const manifest = {
		account: reader.id(),
		generation: reader.u32(),
		seq: reader.u64(),
		prev: reader.bytes(HASH_BYTES),
		minSuite: reader.u8(),
		minProfile: reader.u8(),
		unixMs: reader.u64(),
		device: reader.id(),
		settingsHash: optionalHash(reader.bytes(HASH_BYTES)),
		slots: Array.from({ length: reader.u16() }, () => readSlot(reader)),
		vaults: Array.from({ length: reader.u16() }, () => readVault(reader))
	};
	reader.end();
	return manifest;
}

function readSlot(reader: Reader): ManifestSlot {
	return {
		id: reader.id(),
		kind: reader.u8(),
		profile: reader.u8(),
		createdMs: reader.u64(),
		authPublicKey: reader.bytes(32),
		wrapHash: reader.bytes(HASH_BYTES)
	};
}

function readVault(reader: Reader): ManifestVault {
	return {
		id: reader.id(),
		generation: reader.u32(),
		keyWrapHash: reader.bytes(HASH_BYTES),
		floorSeq: reader.u64()
	};
}

function optionalHash(hash: Bytes): Bytes | undefined {
	return isNoHash(hash) ? undefined : hash;
}

function check(manifest: AccountManifest): void {
	const { seq, prev, minSuite, minProfile, slots, vaults } = manifest;
	checkLink(seq, prev);
	demand(minSuite >= 1, 'lowest suite is not a suite');
	if (minSuite > SUITE) throw new ProtocolError('unsupported', 'account demands a later suite');
	if (!KDF_PROFILES.has(minProfile)) {
		throw new ProtocolError('unsupported', 'account demands an unknown profile');
	}
	checkSlots(slots, minProfile);
	checkAscending(vaults);
	demand(vaults.length <= VAULTS_PER_ACCOUNT, 'more vaults than an account may have');
	for (const vault of vaults) {
		demand(vault.generation >= 1 && vault.floorSeq >= 1, 'vault numbers start at 1');
	}
}

/** One password, at most one kit, and always a second way in. */
function checkSlots(slots: readonly ManifestSlot[], minProfile: number): void {
	checkAscending(slots);
	demand(slots.length >= 2 && slots.length <= SLOTS_PER_ACCOUNT, 'number of slots');
	for (const slot of slots) checkSlot(slot, minProfile);
	const count = (kind: number) => slots.filter((slot) => slot.kind === kind).length;
	demand(count(SLOT_KIND.password) === 1, 'an account has exactly one password');
	demand(count(SLOT_KIND.recovery) <= 1, 'an account has at most one recovery kit');
}

function checkSlot({ kind, profile, authPublicKey }: ManifestSlot, minProfile: number): void {
	checkKind(kind);
	if (kind === SLOT_KIND.password) {
		if (!KDF_PROFILES.has(profile)) throw new ProtocolError('unsupported', 'unknown profile');
		demand(profile >= minProfile, 'password slot below the lowest profile');
	} else {
		demand(profile === 0, 'profile of a slot without a password');
	}
	demand(isNoHash(authPublicKey) === (kind === SLOT_KIND.passkey), 'public key does not fit kind');
}
