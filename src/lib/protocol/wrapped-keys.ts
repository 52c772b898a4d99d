/**
 * Keys under keys: the account key in each slot, a vault key under the account key. Both are
 * `u32 generation || key (32)`, wrapped to exactly 117 bytes. Norm: docs/protocol.md, 3 and 6.
 */
import type { KeyMaterial } from '#lib/crypto/hkdf.ts';
import type { Random } from '#lib/crypto/random.ts';
import { unwrap, wrap, WRAP_OVERHEAD_BYTES } from '#lib/crypto/wrap.ts';
import { Reader, Writer } from '#lib/encoding/binary.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { orFormat, ProtocolError, demand } from '#lib/protocol/errors.ts';

const KEY_BYTES = 32;
export const WRAPPED_KEY_BYTES = WRAP_OVERHEAD_BYTES + 4 + KEY_BYTES;

/** Where an account key's wrap belongs. The numbers may be a server's: a wrong one does not open. */
interface SlotPlace {
	readonly account: Id;
	readonly slot: Id;
	/** 16 bytes: what ties the wrap to the slot's own parameters. */
	readonly descriptor: Bytes;
	/** Of the slot, from 1; a new password raises it. */
	readonly revision: number;
	/** Of the account key, from 1. */
	readonly generation: number;
}

interface VaultKeyPlace {
	readonly account: Id;
	readonly vault: Id;
	readonly accountGeneration: number;
	/** Of the vault key, from 1. */
	readonly generation: number;
}

/** The account key under a slot's `kek`. */
export async function wrapAccountKey(
	slot: SlotPlace & { kek: Bytes; accountKey: Bytes; random: Random }
): Promise<Bytes> {
	return wrapKey(slot.kek, slotContext(slot), slot.generation, slot.accountKey, slot.random);
}

/**
 * Reverses {@link wrapAccountKey}.
 *
 * @throws {CryptoError | ProtocolError} `format`, `unsupported`, `integrity`: the same for a wrong
 * password and for a wrap that was exchanged.
 */
export async function unwrapAccountKey(
	slot: SlotPlace & { kek: Bytes; wrapped: Bytes }
): Promise<Bytes> {
	return unwrapKey(slot.kek, slotContext(slot), slot.generation, slot.wrapped);
}

/** The vault key under the account's `vaultWrap` key. */
export async function wrapVaultKey(
	vault: VaultKeyPlace & { key: KeyMaterial; vaultKey: Bytes; random: Random }
): Promise<Bytes> {
	return wrapKey(vault.key, vaultContext(vault), vault.generation, vault.vaultKey, vault.random);
}

/**
 * Reverses {@link wrapVaultKey}.
 *
 * @throws {CryptoError | ProtocolError} `format`, `unsupported`, `integrity`
 */
export async function unwrapVaultKey(
	vault: VaultKeyPlace & { key: KeyMaterial; wrapped: Bytes }
): Promise<Bytes> {
	return unwrapKey(vault.key, vaultContext(vault), vault.generation, vault.wrapped);
}

function slotContext(slot: SlotPlace): Bytes {
	return context({
		purpose: PURPOSE.slotWrap,
		generation: slot.generation,
		account: slot.account,
		scope: slot.slot,
		object: slot.descriptor,
		revision: slot.revision
	});
}

function vaultContext(vault: VaultKeyPlace): Bytes {
	return context({
		purpose: PURPOSE.vaultKeyWrap,
		generation: vault.accountGeneration,
		account: vault.account,
		scope: vault.vault,
		revision: vault.generation
	});
}

async function wrapKey(
	wrapping: KeyMaterial,
	place: Bytes,
	generation: number,
	key: Bytes,
	random: Random
): Promise<Bytes> {
	if (key.length !== KEY_BYTES) throw new ProtocolError('format', 'a key has 32 bytes');
	const plain = new Writer().u32(generation).bytes(key).done();
	try {
		return await wrap(wrapping, place, plain, random);
	} finally {
		plain.fill(0);
	}
}

async function unwrapKey(
	wrapping: KeyMaterial,
	place: Bytes,
	generation: number,
	wrapped: Bytes
): Promise<Bytes> {
	if (wrapped.length !== WRAPPED_KEY_BYTES) {
		throw new ProtocolError('format', 'a wrapped key has 117 bytes');
	}
	const plain = await unwrap(wrapping, place, wrapped);
	try {
		return orFormat(() => {
			const reader = new Reader(plain);
			demand(reader.u32() === generation, 'key of another generation');
			const key = reader.bytes(KEY_BYTES);
			reader.end();
			return key;
		});
	} finally {
		plain.fill(0);
	}
}
