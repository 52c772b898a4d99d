/** The ways in, as their owner changes them: another password, passkeys added and named. */
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { SLOTS_PER_ACCOUNT } from '#lib/api/limits.ts';
import type { Id } from '#lib/api/wire.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { idBytes, idText } from '#lib/encoding/id.ts';
import type { Settings } from '#lib/items/key.ts';
import { readSettings, withPasskeyName } from '#lib/items/settings.ts';
import { commitAccount, saveSettings } from '#lib/keyholder/account-commits.ts';
import {
	accountKeyByPassword,
	pinEmail,
	wipeAccountKey,
	type OpenedKey
} from '#lib/keyholder/account-key.ts';
import { ActionProof, proving } from '#lib/keyholder/action-proof.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Held, Holder } from '#lib/keyholder/holder.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { newPasskeySlot } from '#lib/keyholder/new-slots.ts';
import { checkPrf } from '#lib/keyholder/passkey-sign-in.ts';
import { passkeyKek } from '#lib/keyholder/proving.ts';
import { rewrap } from '#lib/keyholder/rewrapping.ts';
import { readTyped } from '#lib/keyholder/typed.ts';
import { typedCode } from '#lib/keyholder/typed-code.ts';
import type { ChangeOutcome, NewPasskey, PasskeyOffer, SaveResult } from '#lib/keyholder/views.ts';
import { orRefused, plain } from '#lib/keyholder/written-items.ts';
import { readJson, type JsonObject } from '#lib/protocol/json.ts';
import { checkNewPassword } from '#lib/protocol/password.ts';
import { passkeyInput, SLOT_KIND } from '#lib/protocol/slots.ts';

export class Ways {
	readonly #holder: Holder;
	/** What the next passkey has to have signed over. */
	#challenge: Bytes | undefined;

	constructor(holder: Holder) {
		this.#holder = holder;
		holder.onLock(() => {
			this.#challenge = undefined;
		});
	}

	/**
	 * Wraps the account key for another password; other sessions end with it.
	 *
	 * @param code of the second factor, where there is one.
	 * @throws {KeyholderError} `invalid` if it may not be set.
	 */
	async changePassword(current: string, next: string, code?: string): Promise<ChangeOutcome> {
		const fault = checkNewPassword(next);
		if (fault !== undefined) throw new KeyholderError('invalid', `password is ${fault}`);
		return await this.#withKey(current, code, async (held, opened) => {
			const typed = readTyped(opened.typed.emailAsTyped, next);
			return (await rewrap(held.holding, opened, typed, false)) !== undefined;
		});
	}

	/**
	 * The same password, in the salt of another email. The server takes it once both addresses are
	 * confirmed, where it sends mail.
	 *
	 * @throws {KeyholderError} `link` if they are not.
	 */
	async changeEmail(email: string, password: string, code?: string): Promise<ChangeOutcome> {
		return await this.#withKey(password, code, async ({ holding }, opened) => {
			const { emailAsTyped, email: normalised, password: bytes } = readTyped(email, password);
			const typed = { emailAsTyped, email: normalised };
			const written = await rewrap(holding, opened, { ...typed, password: bytes }, true);
			if (written === undefined) return false;
			await holding.adopt({ typed });
			return true;
		});
	}

	/** What a new passkey is made for. */
	async offerPasskey(): Promise<PasskeyOffer> {
		return await this.#holder.write(async ({ holding: { link, open } }) => {
			const { state, typed } = open;
			const passkeys = state.slots.filter((slot) => slot.kind === SLOT_KIND.passkey);
			if (state.slots.length >= SLOTS_PER_ACCOUNT) {
				const detail = { size: state.slots.length, limit: SLOTS_PER_ACCOUNT };
				throw new KeyholderError('full', 'no room for another way in', detail);
			}
			// The owner's signature covers the whole request, so nothing of the server's need be in it.
			this.#challenge = link.ports.random(32);
			return {
				challenge: this.#challenge,
				prfInput: await passkeyInput(),
				userHandle: idBytes(state.account),
				userName: typed?.email ?? readSettings(state.settings ?? { v: 1 }).name ?? 'Keyhold',
				excluded: passkeys.map(({ credential }) => credential)
			};
		});
	}

	/**
	 * Enrols what was made for the last offer. Wipes its PRF result, whatever comes of it.
	 *
	 * @throws {KeyholderError} `invalid` if it was made for something else, or has no PRF.
	 */
	async addPasskey(passkey: NewPasskey, password: string, code?: string): Promise<ChangeOutcome> {
		const { prf } = passkey;
		try {
			checkPrf(prf);
			checkMadeFor(this.#challenge, passkey.clientData);
			return await this.#withKey(password, code, async ({ holding }, opened) => {
				const kek = await passkeyKek(prf);
				const added = await enrol(holding, opened, passkey, kek).finally(() => kek.fill(0));
				if (added) this.#challenge = undefined;
				return added;
			});
		} finally {
			prf.fill(0);
		}
	}

	/** Names a passkey, in the sealed settings. */
	async renamePasskey(slot: Id, name: string): Promise<SaveResult> {
		return await this.#holder.write(async ({ holding }) => {
			const { slots, settings } = holding.open.state;
			const passkey = slots.find(({ id, kind }) => id === slot && kind === SLOT_KIND.passkey);
			if (passkey === undefined) throw new KeyholderError('gone', 'no such passkey');
			const base = readSettings(settings ?? { v: 1 });
			const named = orRefused(() => withPasskeyName(base, slot, name));
			return await saveSettings(holding, named, base);
		});
	}

	async #withKey(
		password: string,
		typed: string | undefined,
		change: (held: Held, opened: OpenedKey) => Promise<boolean>
	): Promise<ChangeOutcome> {
		return await this.#holder.write(async (held) => {
			const code = typed === undefined ? undefined : typedCode(typed);
			if (typed !== undefined && code === undefined) return { outcome: 'second-factor' };
			const opened = await accountKeyByPassword(held.holding, password, code);
			if (opened.outcome !== 'opened') return { outcome: opened.outcome };
			try {
				await pinEmail(held.holding, opened);
				const written = await change(held, opened);
				// What signed before is of a slot that may have another key now.
				if (written) held.proof?.end();
				return { outcome: written ? 'changed' : 'conflict' };
			} finally {
				wipeAccountKey(opened);
			}
		});
	}
}

async function enrol(
	holding: Holding,
	opened: OpenedKey,
	{ credential, clientData, attestationObject, name }: NewPasskey,
	kek: Bytes
): Promise<boolean> {
	const { link, open } = holding;
	const { ports } = link;
	const { account, generation } = open.state.manifest;
	const place = { id: idText(ports.random(16)), revision: 1 };
	const wrapping = { account, generation, accountKey: opened.accountKey };
	const attestation = { clientData, attestationObject };
	const sent = await newPasskeySlot(ports, wrapping, place, { kek, credential }, attestation);
	const served = { ...place, kind: 3, credential, createdAtMs: ports.now() } as const;
	const proof = new ActionProof(opened.slot, opened.keys.signing, ports.now());
	const settings = (current: JsonObject) =>
		orRefused(() => ({
			...current,
			...plain(withPasskeyName(withoutGone(holding, readSettings(current)), place.id, name))
		}));
	try {
		const proves = proving(holding, proof, PROOF_PURPOSE.slots);
		return await commitAccount(holding, { slot: { sent, served, kept: false }, settings }, proves);
	} finally {
		proof.end();
	}
}

/** Names of passkeys that were dropped go with the next one that comes. */
function withoutGone({ open: { state } }: Holding, settings: Settings): Settings {
	if (settings.passkeys === undefined) return settings;
	const there = Object.entries(settings.passkeys).filter(([id]) =>
		state.slots.some((slot) => slot.id === id)
	);
	return { ...settings, passkeys: Object.fromEntries(there) };
}

/** The server checks the same; but a passkey that it would refuse need not be sent. */
function checkMadeFor(challenge: Bytes | undefined, clientData: Bytes): void {
	const made = orRefused(() => readJson(clientData))['challenge'];
	const fits = challenge !== undefined && made === encode(challenge);
	if (!fits) throw new KeyholderError('invalid', 'a passkey that was made for something else');
}
