/**
 * Re-wrap: the same account key under a new password, a higher cost or a new email, each of which
 * stands in the salt of what is derived. The slot keeps its id, takes a new salt and the next
 * revision. Norm: docs/protocol.md, 3 and 10.
 */
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import type { SigningKey } from '#lib/crypto/signature.ts';
import { commitAccount } from '#lib/keyholder/account-commits.ts';
import type { OpenedKey } from '#lib/keyholder/account-key.ts';
import {
	passwordSlotOf,
	type AccountState,
	type PasswordSlot
} from '#lib/keyholder/account-state.ts';
import { ActionProof, proving, type ProvingSlot } from '#lib/keyholder/action-proof.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { newPasswordSlot } from '#lib/keyholder/new-slots.ts';
import { emailHash } from '#lib/keyholder/pins.ts';
import { profileFor } from '#lib/keyholder/profile.ts';
import { derivePasswordKeys } from '#lib/keyholder/proving.ts';
import type { Typed } from '#lib/keyholder/typed.ts';

/**
 * Wraps the account key for `typed` and writes it.
 *
 * @param opened what the password of now gave; it signs.
 * @param typed what the slot will open with. The password is wiped.
 * @param kept whether it is the same password as before.
 * @returns what signs from now on; undefined if other devices were faster each time.
 * @throws {KeyholderError} `proof` if another tab has wrapped the slot meanwhile.
 */
export async function rewrap(
	holding: Holding,
	opened: Pick<OpenedKey, 'accountKey' | 'slot' | 'keys' | 'typed'>,
	typed: Typed,
	kept: boolean
): Promise<{ readonly slot: ProvingSlot; readonly signing: SigningKey } | undefined> {
	const { link, open } = holding;
	const { slot: before } = opened;
	const from = {
		profile: profileFor(link.ports, before),
		salt: link.ports.random(16)
	};
	const keys = await derivePasswordKeys(link, typed, from);
	try {
		const { account, generation } = open.state.manifest;
		const wrapping = { account, generation, accountKey: opened.accountKey };
		const place = { id: before.id, revision: before.revision + 1 };
		const sent = await newPasswordSlot(link.ports, wrapping, place, keys, from);
		const { kind, authPublicKey } = sent;
		const served = { ...place, ...from, kind, authPublicKey };
		const email = typed.email === opened.typed.email ? undefined : typed;
		const slot = { sent, served, kept };
		const purpose = email === undefined ? PROOF_PURPOSE.slots : PROOF_PURPOSE.account;
		const proof = new ActionProof(before, opened.keys.signing, link.ports.now());
		const check = (state: AccountState) => {
			checkStill(before, state);
		};
		const change = { slot, check, ...(email === undefined ? {} : { email }) };
		const written = await commitAccount(holding, change, proving(holding, proof, purpose)).finally(
			() => {
				proof.end();
			}
		);
		if (!written) return undefined;
		await rememberEmail(holding, opened, typed, from.profile);
		return { slot: served, signing: keys.signing };
	} finally {
		keys.kek.fill(0);
	}
}

/** The wrap that was opened must be the one that is replaced: else another password would go. */
function checkStill(before: PasswordSlot, state: AccountState): void {
	if (passwordSlotOf(state).revision !== before.revision) {
		throw new KeyholderError('proof', 'the password was changed meanwhile');
	}
}

/** What the email means on this device from now on; one that was given up means nothing more. */
async function rememberEmail(
	{ link, open: { state } }: Holding,
	{ typed: before }: Pick<OpenedKey, 'typed'>,
	{ email }: Typed,
	profile: number
): Promise<void> {
	const { pins } = link.ports;
	link.life.check();
	const pin = { account: state.account, profile };
	await pins.save({
		email: { hash: await emailHash(email), pin },
		replace: email !== before.email
	});
	if (email !== before.email) await pins.forget(await emailHash(before.email));
}
