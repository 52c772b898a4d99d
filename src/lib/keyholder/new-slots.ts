/**
 * Slots that are made: the account key wrapped for a password, for a recovery kit, for a passkey.
 * Used by registration, re-wrap, enrolment and rotation. Norm: docs/protocol.md, 3.
 */
import type {
	Attestation,
	NewPasskeySlot,
	NewPasswordSlot,
	NewRecoverySlot
} from '#lib/api/slots.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Random } from '#lib/crypto/random.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { descriptorOf, type ProvenSlot } from '#lib/keyholder/opened-slot.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import type { ProofKeys } from '#lib/keyholder/proving.ts';
import type { ManifestSlot } from '#lib/protocol/account-manifest.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import { recoveryLocator } from '#lib/protocol/slots.ts';
import { wrapAccountKey } from '#lib/protocol/wrapped-keys.ts';

/** The account key, and which generation of whose it is. */
export interface Wrapping {
	readonly account: Id;
	/** Of the account key. */
	readonly generation: number;
	readonly accountKey: Bytes;
}

/** Which slot it is, and how often it was wrapped. */
export interface SlotPlace {
	readonly id: Id;
	readonly revision: number;
}

/** @param from what the keys were derived with. */
export async function newPasswordSlot(
	{ origin, random }: Ports,
	wrapping: Wrapping,
	{ id, revision }: SlotPlace,
	{ kek, signing }: ProofKeys,
	from: { readonly profile: 1 | 2; readonly salt: Bytes }
): Promise<NewPasswordSlot> {
	const slot = { id, kind: 1, ...from, authPublicKey: signing.publicKey } as const;
	const wrap = await wrapFor(origin, wrapping, slot, revision, kek, random);
	return { ...slot, revision, wrap };
}

/** @param r20 the kit's 20 bytes, from which `keys` were derived. */
export async function newRecoverySlot(
	{ origin, random }: Ports,
	wrapping: Wrapping,
	{ id, revision }: SlotPlace,
	{ kek, signing }: ProofKeys,
	r20: Bytes
): Promise<NewRecoverySlot> {
	const locator = await recoveryLocator(r20);
	const slot = { id, kind: 2, locator, authPublicKey: signing.publicKey } as const;
	const wrap = await wrapFor(origin, wrapping, slot, revision, kek, random);
	return { ...slot, revision, wrap };
}

/** The wrap of a passkey, that is enrolled or kept. */
export async function passkeyWrap(
	{ origin, random }: Ports,
	wrapping: Wrapping,
	{ id, revision }: SlotPlace,
	{ kek, credential }: { readonly kek: Bytes; readonly credential: Bytes }
): Promise<Bytes> {
	return await wrapFor(origin, wrapping, { id, kind: 3, credential }, revision, kek, random);
}

/** A passkey that is enrolled now. */
export async function newPasskeySlot(
	ports: Ports,
	wrapping: Wrapping,
	place: SlotPlace,
	keys: { readonly kek: Bytes; readonly credential: Bytes },
	attestation: Attestation
): Promise<NewPasskeySlot> {
	const wrap = await passkeyWrap(ports, wrapping, place, keys);
	return { ...place, kind: 3, attestation, wrap };
}

/** How the account manifest lists a slot. */
export async function listedSlot(
	slot:
		| Pick<NewPasswordSlot, 'id' | 'kind' | 'profile' | 'authPublicKey' | 'wrap'>
		| Pick<NewRecoverySlot, 'id' | 'kind' | 'authPublicKey' | 'wrap'>
		| Pick<NewPasskeySlot, 'id' | 'kind' | 'wrap'>,
	createdMs: number
): Promise<ManifestSlot> {
	const { id, kind, wrap } = slot;
	return {
		id,
		kind,
		profile: slot.kind === 1 ? slot.profile : 0,
		createdMs,
		authPublicKey: slot.kind === 3 ? noHash() : slot.authPublicKey,
		wrapHash: await sha256(wrap)
	};
}

async function wrapFor(
	origin: string,
	{ account, generation, accountKey }: Wrapping,
	slot: ProvenSlot,
	revision: number,
	kek: Bytes,
	random: Random
): Promise<Bytes> {
	const descriptor = await descriptorOf(origin, slot);
	const place = { account, slot: slot.id, descriptor, revision, generation };
	return await wrapAccountKey({ ...place, kek, accountKey, random });
}
