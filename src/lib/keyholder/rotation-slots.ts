/**
 * Every way into an account, enrolled again for a new account key. Norm: docs/protocol.md, 3 and 10.
 */
import type { RotationRequest } from '#lib/api/account.ts';
import type { SpokenSlot } from '#lib/api/slots.ts';
import type { Id } from '#lib/api/wire.ts';
import { profileFor } from '#lib/keyholder/profile.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { passwordSlotOf, type AccountState } from '#lib/keyholder/account-state.ts';
import { ActionProof } from '#lib/keyholder/action-proof.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Link } from '#lib/keyholder/link.ts';
import {
	listedSlot,
	newPasswordSlot,
	newRecoverySlot,
	passkeyWrap,
	type Wrapping
} from '#lib/keyholder/new-slots.ts';
import { derivePasswordKeys, kitKeys } from '#lib/keyholder/proving.ts';
import type { Typed } from '#lib/keyholder/typed.ts';
import type { ManifestSlot } from '#lib/protocol/account-manifest.ts';
import { demand } from '#lib/protocol/errors.ts';
import { SLOT_KIND } from '#lib/protocol/slots.ts';

export type PasskeySlot = Extract<SpokenSlot, { readonly kind: 3 }>;

/** What lists the ways in. */
interface Listing {
	readonly manifest: { readonly slots: readonly ManifestSlot[] };
}

/** A slot as it is sent, and as the next manifest lists it. */
export interface EnrolledSlot {
	readonly slot: RotationRequest['slots'][number];
	readonly listed: ManifestSlot;
}

/**
 * The password's slot: a new salt, so that neither the key that opened nor the one that proved is
 * good any more, and the profile of new passwords if that is higher.
 *
 * @param typed its password is wiped.
 * @param renewed whether it is another password than before.
 * @returns also what signs once the slot is there.
 */
export async function enrolPassword(
	link: Link,
	next: Wrapping,
	state: AccountState,
	typed: Typed,
	renewed: boolean
): Promise<EnrolledSlot & { readonly proof: ActionProof }> {
	const { ports } = link;
	const before = passwordSlotOf(state);
	const from = { profile: profileFor(ports, before), salt: ports.random(16) };
	const keys = await derivePasswordKeys(link, typed, from);
	try {
		const place = { id: before.id, revision: before.revision + 1 };
		const slot = await newPasswordSlot(ports, next, place, keys, from);
		const createdMs = renewed ? ports.now() : createdMsOf(state, before.id);
		const listed = await listedSlot(slot, createdMs);
		return { slot, listed, proof: new ActionProof(slot, keys.signing, ports.now()) };
	} finally {
		keys.kek.fill(0);
	}
}

/** The slot of a new kit, in the place of the one before if there is one. */
export async function enrolKit(
	{ ports }: Link,
	next: Wrapping,
	{ slots }: Pick<AccountState, 'slots'>,
	r20: Bytes
): Promise<EnrolledSlot> {
	const before = slots.find(({ kind }) => kind === SLOT_KIND.recovery);
	const keys = await kitKeys(r20);
	try {
		const id = before?.id ?? idText(ports.random(16));
		const place = { id, revision: (before?.revision ?? 0) + 1 };
		const slot = await newRecoverySlot(ports, next, place, keys, r20);
		return { slot, listed: await listedSlot(slot, ports.now()) };
	} finally {
		keys.kek.fill(0);
	}
}

/**
 * The slot of a passkey that is at hand.
 *
 * @param keys the key from its PRF, the caller's to wipe; the credential as the authenticator
 * returned it.
 */
export async function enrolPasskey(
	{ ports }: Link,
	next: Wrapping,
	state: Listing,
	before: PasskeySlot,
	keys: { readonly kek: Bytes; readonly credential: Bytes }
): Promise<EnrolledSlot> {
	const place = { id: before.id, revision: before.revision + 1 };
	const wrap = await passkeyWrap(ports, next, place, keys);
	const slot = { ...place, kind: 3, wrap } as const;
	return { slot, listed: await listedSlot(slot, createdMsOf(state, before.id)) };
}

/** @throws {KeyholderError} `gone` if the account has no such passkey. */
export function passkeyOf(slots: readonly SpokenSlot[], id: Id): PasskeySlot {
	const slot = slots.find((each) => each.id === id);
	if (slot?.kind !== SLOT_KIND.passkey) throw new KeyholderError('gone', 'no such passkey');
	return slot;
}

/** Whether two manifests list the same ways in: what was planned for one holds for the other. */
export function sameSlots(a: readonly ManifestSlot[], b: readonly ManifestSlot[]): boolean {
	return (
		a.length === b.length &&
		a.every((slot) =>
			b.some(({ id, wrapHash }) => id === slot.id && equal(wrapHash, slot.wrapHash))
		)
	);
}

function createdMsOf({ manifest }: Listing, id: Id): number {
	const listed = manifest.slots.find((slot) => slot.id === id);
	demand(listed !== undefined, 'a slot that is not listed');
	return listed.createdMs;
}
