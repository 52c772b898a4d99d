/**
 * Passkeys that a rotation keeps. Only their own touch gives the key that they are enrolled again
 * with, and the server has to answer it with the wrap that the manifest lists: so what is kept is the
 * passkey that was there, and no other. Norm: docs/protocol.md, 9 and 10.
 */
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { routes } from '#lib/api/routes.ts';
import type { Id } from '#lib/api/wire.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { checkSlotChallenge } from '#lib/keyholder/challenges.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import type { Wrapping } from '#lib/keyholder/new-slots.ts';
import { openSlot } from '#lib/keyholder/opened-slot.ts';
import { checkPrf } from '#lib/keyholder/passkey-sign-in.ts';
import { messageOf, passkeyKek, verifyAssertion, type Asked } from '#lib/keyholder/proving.ts';
import {
	enrolPasskey,
	passkeyOf,
	type EnrolledSlot,
	type PasskeySlot
} from '#lib/keyholder/rotation-slots.ts';
import type { PasskeyAnswer, PasskeyRequest } from '#lib/keyholder/views.ts';
import { demand } from '#lib/protocol/errors.ts';
import { passkeyInput } from '#lib/protocol/slots.ts';

const PURPOSE = PROOF_PURPOSE.unlock;

export class KeptPasskeys {
	readonly #holding: Holding;
	readonly #next: Wrapping;
	/** Challenges that wait for a touch. */
	readonly #asked = new Map<Id, Asked>();

	constructor(holding: Holding, next: Wrapping) {
		this.#holding = holding;
		this.#next = next;
	}

	/** @throws {KeyholderError} `gone` if the account has no such passkey. */
	async ask(id: Id): Promise<PasskeyRequest> {
		const { link, open } = this.#holding;
		const { account, slots } = open.state;
		const { credential, kind } = passkeyOf(slots, id);
		const reply = await link.call(routes.challenge, { body: { slot: id, purpose: PURPOSE } });
		checkSlotChallenge(reply, { account, id, kind, profile: 0 }, link.ports.now());
		const asked = { purpose: PURPOSE, reply };
		this.#asked.set(id, asked);
		const challenge = await sha256(messageOf(link.ports.origin, asked));
		return { challenge, prfInput: await passkeyInput(), allowed: [credential] };
	}

	/**
	 * The PRF result is the caller's to wipe.
	 *
	 * @throws {KeyholderError} `invalid` if it is not the passkey that was asked, or gives another
	 * key than the one it was enrolled with.
	 */
	async keep(id: Id, answer: PasskeyAnswer): Promise<EnrolledSlot> {
		const { prf, credential, clientData, authenticatorData, signature } = answer;
		const { link, open } = this.#holding;
		checkPrf(prf);
		const slot = passkeyOf(open.state.slots, id);
		const asked = this.#asked.get(id);
		this.#asked.delete(id);
		if (asked === undefined || !equal(credential, slot.credential)) {
			throw new KeyholderError('invalid', 'not the passkey that was asked');
		}
		const assertion = { credential, clientData, authenticatorData, signature };
		const verified = await verifyAssertion(link, asked, assertion);
		if (verified.outcome !== 'proved') {
			throw new KeyholderError('invalid', 'the passkey is not taken');
		}
		demand(verified.slot === id, 'wrap of another slot');
		return await this.#enrol(slot, await passkeyKek(prf), verified.wrap);
	}

	/** The wrap is the listed one, so what does not open it is another key than it was made with. */
	async #enrol(slot: PasskeySlot, kek: Bytes, wrap: Bytes): Promise<EnrolledSlot> {
		const { link, open } = this.#holding;
		try {
			const { state } = open;
			const hash = await sha256(wrap);
			const isListed = state.manifest.slots.some(
				({ id, wrapHash }) => id === slot.id && equal(wrapHash, hash)
			);
			demand(isListed, 'another wrap than the listed one');
			await this.#checkOpens(slot, kek, wrap);
			return await enrolPasskey(link, this.#next, state, slot, {
				kek,
				credential: slot.credential
			});
		} finally {
			kek.fill(0);
		}
	}

	async #checkOpens(slot: PasskeySlot, kek: Bytes, wrap: Bytes): Promise<void> {
		const { link, open } = this.#holding;
		const { account, slots, manifest } = open.state;
		const served = { account, generation: manifest.generation, slots: [...slots] };
		try {
			const { accountKey } = await openSlot(link.ports.origin, slot, { kek, wrap }, served);
			accountKey.fill(0);
		} catch (error) {
			if (!(error instanceof CryptoError)) throw error;
			throw new KeyholderError('invalid', 'the passkey gives another key than before');
		}
	}
}
