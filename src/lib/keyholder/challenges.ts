/**
 * What a challenge may say, before anything is derived or signed for it: a server chooses what it
 * asks, and the client what it answers. Norm: docs/protocol.md, 9.
 */
import type { ChallengeReply } from '#lib/api/auth.ts';
import type { Id } from '#lib/api/wire.ts';
import { KDF_PROFILES } from '#lib/crypto/kdf.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { EmailPin } from '#lib/keyholder/pins.ts';
import { checkExpiry } from '#lib/protocol/challenge.ts';
import { demand, ProtocolError } from '#lib/protocol/errors.ts';
import { checkKind, SLOT_KIND } from '#lib/protocol/slots.ts';

/** The id that stands for "none yet" in a sign-in by passkey: 16 zero bytes. */
export const NO_ID: Id = 'AAAAAAAAAAAAAAAAAAAAAA';

/** The slot that a challenge was asked for. */
export interface AskedSlot {
	readonly account: Id;
	readonly id: Id;
	readonly kind: number;
	/** 0 unless it is a password. */
	readonly profile: number;
}

/**
 * Refuses, before anything is derived, another account than the email's, a kind that is no
 * password, a profile outside the table or below the pinned one, and an end too far away.
 *
 * @throws {KeyholderError | ProtocolError} `rollback`, `unsupported`, `format`, `kdf-refused`, `clock`
 */
export function checkChallenge(
	reply: ChallengeReply,
	pin: EmailPin | undefined,
	nowMs: number
): void {
	checkAccount(reply, pin);
	checkKindIs(reply, SLOT_KIND.password);
	const { profile } = reply;
	if (!KDF_PROFILES.has(profile) || profile < (pin?.profile ?? 0)) {
		throw new KeyholderError('kdf-refused', 'profile is unknown or below the pinned one');
	}
	checkExpiry(reply.expiresAtMs, nowMs);
}

/**
 * The same for a recovery kit, which is no password: there is no profile to choose. Whose account it
 * is asked for says the kit and not the email, so another one than the email's is no news of it.
 */
export function checkKitChallenge(reply: ChallengeReply, nowMs: number): void {
	checkKindIs(reply, SLOT_KIND.recovery);
	checkNoProfile(reply);
	checkExpiry(reply.expiresAtMs, nowMs);
}

/** The same for a sign-in by passkey: whose it is, the authenticator says, and nobody before. */
export function checkPasskeyChallenge(reply: ChallengeReply, nowMs: number): void {
	checkKindIs(reply, SLOT_KIND.passkey);
	checkNoProfile(reply);
	const { account, slot, expiresAtMs } = reply;
	if (account !== NO_ID || slot !== NO_ID) {
		throw new ProtocolError('format', 'a sign-in by passkey names no account');
	}
	checkExpiry(expiresAtMs, nowMs);
}

/** Inside a session: a challenge for the slot that was asked for, as it is known. */
export function checkSlotChallenge(
	reply: ChallengeReply,
	{ account, id, kind, profile }: AskedSlot,
	nowMs: number
): void {
	checkAccount(reply, { account });
	checkKindIs(reply, kind);
	if (reply.profile !== profile) {
		throw new KeyholderError('kdf-refused', 'another profile than the slot is listed with');
	}
	demand(reply.slot === id, 'challenge for another slot');
	checkExpiry(reply.expiresAtMs, nowMs);
}

function checkAccount(
	{ account }: ChallengeReply,
	pin: Pick<EmailPin, 'account'> | undefined
): void {
	if (pin !== undefined && pin.account !== account) {
		throw new KeyholderError('rollback', 'the email answers with another account');
	}
}

function checkKindIs({ kind }: ChallengeReply, expected: number): void {
	checkKind(kind);
	if (kind !== expected) throw new ProtocolError('format', 'slot of another kind than asked for');
}

function checkNoProfile({ profile }: ChallengeReply): void {
	if (profile !== 0) throw new ProtocolError('format', 'profile of a slot without a password');
}
