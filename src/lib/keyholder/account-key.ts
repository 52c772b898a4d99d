/**
 * The account key once more. An unlocked account holds only keys that were derived from it, so what
 * wraps it anew asks for the password and proves it inside the session, which is answered with the
 * slot's wrap. Norm: docs/protocol.md, 9, purpose 8.
 */
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { passwordSlotOf, type PasswordSlot } from '#lib/keyholder/account-state.ts';
import { checkSlotChallenge } from '#lib/keyholder/challenges.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { descriptorOf } from '#lib/keyholder/opened-slot.ts';
import { emailHash } from '#lib/keyholder/pins.ts';
import { derivePasswordKeys, verify, type ProofKeys } from '#lib/keyholder/proving.ts';
import { readTyped, type TypedEmail } from '#lib/keyholder/typed.ts';
import { demand } from '#lib/protocol/errors.ts';
import { unwrapAccountKey } from '#lib/protocol/wrapped-keys.ts';

/** The password was right: its slot's keys. The key that opens is the holder's to wipe. */
export interface PasswordProof {
	readonly slot: PasswordSlot;
	readonly keys: ProofKeys;
	readonly typed: TypedEmail;
}

/** The account key is the holder's to wipe, by {@link wipeAccountKey}. */
export interface OpenedKey extends PasswordProof {
	readonly outcome: 'opened';
	readonly accountKey: Bytes;
}

export type KeyOutcome = OpenedKey | { readonly outcome: 'wrong-password' | 'second-factor' };

/**
 * Derives from the password once more and compares with the slot that the manifest lists. Nothing is
 * sent.
 *
 * @returns undefined if it is another password.
 * @throws {KeyholderError} `invalid` if it cannot be a password, `no-email` if the email is needed.
 */
export async function passwordProof(
	holding: Holding,
	password: string
): Promise<PasswordProof | undefined> {
	const { link, open } = holding;
	if (open.typed === undefined) throw new KeyholderError('no-email', 'the email was not typed');
	const { emailAsTyped, email } = open.typed;
	const slot = passwordSlotOf(open.state);
	const keys = await derivePasswordKeys(link, readTyped(emailAsTyped, password), slot);
	if (!equal(keys.signing.publicKey, slot.authPublicKey)) {
		keys.kek.fill(0);
		return undefined;
	}
	return { slot, keys, typed: { emailAsTyped, email } };
}

/**
 * Opens the account key with the password; the key that opened it is wiped.
 *
 * @param code of the second factor, where there is one.
 */
export async function accountKeyByPassword(
	holding: Holding,
	password: string,
	code?: string
): Promise<KeyOutcome> {
	const proof = await passwordProof(holding, password);
	if (proof === undefined) return { outcome: 'wrong-password' };
	try {
		return await openKey(holding, proof, code);
	} finally {
		proof.keys.kek.fill(0);
	}
}

export function wipeAccountKey({ accountKey }: OpenedKey): void {
	accountKey.fill(0);
}

/** Remembers which account the email means here, if this device did not know: the password fits it. */
export async function pinEmail(
	{ link, open: { state } }: Holding,
	{ slot, typed }: PasswordProof
): Promise<void> {
	const { pins } = link.ports;
	const hash = await emailHash(typed.email);
	if ((await pins.email(hash)) !== undefined) return;
	link.life.check();
	await pins.save({ email: { hash, pin: { account: state.account, profile: slot.profile } } });
}

/** Opens the wrap of a slot whose password was right. */
export async function openKey(
	{ link, open }: Holding,
	proof: PasswordProof,
	code: string | undefined
): Promise<KeyOutcome> {
	const { slot, keys } = proof;
	const { account, generation } = open.state.manifest;
	const purpose = PROOF_PURPOSE.unlock;
	const reply = await link.call(openingRoutes.challenge, { body: { slot: slot.id, purpose } });
	checkSlotChallenge(reply, { account, ...slot }, link.ports.now());
	const extras = code === undefined ? {} : { code };
	const verified = await verify(link, { purpose, reply }, keys.signing, extras);
	if (verified.outcome === 'second-factor') return { outcome: 'second-factor' };
	if (verified.outcome !== 'proved') {
		// The signature is of the listed key: another device has changed the password meanwhile.
		throw new KeyholderError('auth', 'the password is not taken any more');
	}
	const { wrap } = verified;
	demand(equal(await sha256(wrap), slot.wrapHash), 'another wrap than the listed one');
	const accountKey = await unwrapAccountKey({
		account,
		slot: slot.id,
		descriptor: await descriptorOf(link.ports.origin, slot),
		revision: slot.revision,
		generation,
		kek: keys.kek,
		wrapped: wrap
	});
	return { outcome: 'opened', accountKey, ...proof };
}
