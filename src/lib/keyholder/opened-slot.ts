/**
 * Opening the account key with a slot: the wrap that a proof was answered with, under the key that
 * the person's own secret gives. Norm: docs/protocol.md, 3 and 9.
 */
import type { AccountHead } from '#lib/api/account.ts';
import type { SpokenSlot } from '#lib/api/slots.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { isSpoken, type OpenedSlot } from '#lib/keyholder/account-state.ts';
import { demand, ProtocolError } from '#lib/protocol/errors.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import {
	passkeyDescriptor,
	passwordDescriptor,
	recoveryDescriptor,
	SLOT_KIND
} from '#lib/protocol/slots.ts';
import { unwrapAccountKey } from '#lib/protocol/wrapped-keys.ts';

/** What is known of a slot by having proved with it: what is served of it must be the same. */
export type ProvenSlot = { readonly id: Id } & (
	| {
			readonly kind: 1;
			readonly profile: number;
			readonly salt: Bytes;
			readonly authPublicKey: Bytes;
	  }
	| { readonly kind: 2; readonly locator: Bytes; readonly authPublicKey: Bytes }
	/** The credential as the authenticator returned it. */
	| { readonly kind: 3; readonly credential: Bytes }
);

/** Bytes that open the account key. */
export interface Wrapped {
	readonly kek: Bytes;
	readonly wrap: Bytes;
}

/**
 * Opens the slot's wrap; what the server lists of it must be what proved.
 *
 * @param origin the client's own: a passkey's wrap is tied to its host name.
 * @returns the account key, the caller's to wipe.
 */
export async function openSlot(
	origin: string,
	slot: ProvenSlot,
	{ kek, wrap }: Wrapped,
	served: Pick<AccountHead, 'account' | 'generation' | 'slots'>
): Promise<{ readonly accountKey: Bytes; readonly opened: OpenedSlot }> {
	const listed = served.slots.filter(isSpoken).find(({ id }) => id === slot.id);
	demand(listed !== undefined, 'the slot that proved is not there');
	checkSame(slot, listed);
	const accountKey = await unwrapAccountKey({
		account: served.account,
		slot: slot.id,
		descriptor: await descriptorOf(origin, slot),
		revision: listed.revision,
		generation: served.generation,
		kek,
		wrapped: wrap
	});
	const { id, kind } = slot;
	const profile = slot.kind === SLOT_KIND.password ? slot.profile : 0;
	const authPublicKey = slot.kind === SLOT_KIND.passkey ? noHash() : slot.authPublicKey;
	const opened = { id, kind, profile, authPublicKey, wrapHash: await sha256(wrap) };
	return { accountKey, opened };
}

/** The descriptor of a slot, from what its owner has; nothing in it is a server's. */
export async function descriptorOf(origin: string, slot: ProvenSlot): Promise<Bytes> {
	switch (slot.kind) {
		case SLOT_KIND.password:
			return await passwordDescriptor(slot.profile, slot.salt);
		case SLOT_KIND.recovery:
			return await recoveryDescriptor();
		case SLOT_KIND.passkey:
			return await passkeyDescriptor(slot.credential, rpIdOf(origin));
	}
}

/** The relying party of passkeys: the host name of the client's own origin. */
export function rpIdOf(origin: string): string {
	return new URL(origin).hostname;
}

function checkSame(slot: ProvenSlot, listed: SpokenSlot): void {
	if (slot.kind === SLOT_KIND.password && listed.kind === SLOT_KIND.password) {
		demand(listed.profile === slot.profile, 'slot of another profile than challenged');
		demand(equal(listed.salt, slot.salt), 'slot of another salt than challenged');
	} else if (slot.kind === SLOT_KIND.recovery && listed.kind === SLOT_KIND.recovery) {
		demand(equal(listed.locator, slot.locator), 'slot of another locator than sent');
	} else if (slot.kind === SLOT_KIND.passkey && listed.kind === SLOT_KIND.passkey) {
		demand(equal(listed.credential, slot.credential), 'slot of another passkey than signed');
	} else {
		throw new ProtocolError('integrity', 'slot of another kind than proved');
	}
}
