/**
 * A new account: all its keys and records, made before anything is sent, so that the recovery kit
 * is in the person's hands before the account exists. Norm: docs/protocol.md, 10.
 */
import type { RegisterRequest } from '#lib/api/accounts.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { idText, type Id } from '#lib/encoding/id.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { listedSlot, newPasswordSlot, newRecoverySlot } from '#lib/keyholder/new-slots.ts';
import { newVault, type NewVault } from '#lib/keyholder/new-vault.ts';
import { defaultProfile } from '#lib/keyholder/profile.ts';
import { wipeAccountKeys, wipeVaultKeys } from '#lib/keyholder/open-account.ts';
import type { AccountPin } from '#lib/keyholder/pins.ts';
import { derivePasswordKeys, kitKeys, type ProofKeys } from '#lib/keyholder/proving.ts';
import { readTyped, type TypedEmail } from '#lib/keyholder/typed.ts';
import { accountKeys, type AccountKeys } from '#lib/protocol/account-keys.ts';
import { sealAccountManifest } from '#lib/protocol/account-manifest.ts';
import { BEGINNING } from '#lib/keyholder/descent.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { checkNewPassword } from '#lib/protocol/password.ts';
import { writeKit } from '#lib/protocol/recovery-kit.ts';

/** A whole account that was not sent yet. */
export interface Prepared {
	readonly typed: TypedEmail;
	readonly kit: string;
	readonly request: RegisterRequest;
	/** Of the password's slot, to sign in with once the account exists. */
	readonly keys: ProofKeys;
	/** What the server must serve from then on. */
	readonly pin: AccountPin;
}

/** Keys and names of an account that is being made. */
interface Making {
	readonly link: Link;
	readonly account: Id;
	readonly device: Id;
	readonly nowMs: number;
	readonly accountKey: Bytes;
	readonly ofAccount: AccountKeys;
}

type NewSlots = RegisterRequest['slots'];

/** @throws {KeyholderError} `invalid` if it is no email, or no password that may be set. */
export async function prepareAccount(
	link: Link,
	email: string,
	password: string
): Promise<Prepared> {
	const fault = checkNewPassword(password);
	if (fault !== undefined) throw new KeyholderError('invalid', `password is ${fault}`);
	const typed = readTyped(email, password);
	const from = { profile: defaultProfile(link.ports), salt: link.ports.random(16) };
	const keys = await derivePasswordKeys(link, typed, from);
	try {
		return await makeAccount(link, typed, keys, from);
	} catch (error) {
		keys.kek.fill(0);
		throw error;
	}
}

async function makeAccount(
	link: Link,
	typed: TypedEmail,
	keys: ProofKeys,
	from: { readonly profile: 1 | 2; readonly salt: Bytes }
): Promise<Prepared> {
	const r20 = link.ports.random(20);
	let making: Making | undefined;
	let vault: NewVault | undefined;
	try {
		making = await begin(link);
		const slots = await slotsOf(making, keys, from, r20);
		const { account, ofAccount } = making;
		const { vaultWrap } = ofAccount;
		vault = await newVault(link.ports, { account, generation: 1, vaultWrap });
		const { manifest, pin } = await listAll(making, slots, vault);
		const { emailAsTyped, email: normalised } = typed;
		const request = { account, email: emailAsTyped, slots, manifest, vault: vault.sent };
		const kit = await writeKit(r20);
		link.life.check();
		return { typed: { emailAsTyped, email: normalised }, kit, request, keys, pin };
	} finally {
		r20.fill(0);
		if (making !== undefined) {
			making.accountKey.fill(0);
			wipeAccountKeys(making.ofAccount);
		}
		if (vault !== undefined) wipeVaultKeys(vault.state.place.keys);
	}
}

async function begin(link: Link): Promise<Making> {
	const { random, pins, now } = link.ports;
	const device = await pins.deviceId();
	const account = idText(random(16));
	const accountKey = random(32);
	const ofAccount = await accountKeys(accountKey);
	return { link, account, device, nowMs: now(), accountKey, ofAccount };
}

async function slotsOf(
	{ link: { ports }, account, accountKey }: Making,
	keys: ProofKeys,
	from: { readonly profile: 1 | 2; readonly salt: Bytes },
	r20: Bytes
): Promise<NewSlots> {
	const wrapping = { account, generation: 1, accountKey };
	const place = () => ({ id: idText(ports.random(16)), revision: 1 });
	const kit = await kitKeys(r20);
	try {
		return [
			await newPasswordSlot(ports, wrapping, place(), keys, from),
			await newRecoverySlot(ports, wrapping, place(), kit, r20)
		];
	} finally {
		kit.kek.fill(0);
	}
}

/** The account's first manifest, and the pins that hold the server to it. */
async function listAll(
	{ link, account, device, nowMs, ofAccount }: Making,
	slots: NewSlots,
	{ state: { place, head: vaultHead } }: NewVault
): Promise<{ manifest: Bytes; pin: AccountPin }> {
	const { head: prev } = BEGINNING;
	const listed = await Promise.all(slots.map((slot) => listedSlot(slot, nowMs)));
	const manifest = await sealAccountManifest(
		ofAccount.manifest,
		{
			account,
			generation: 1,
			seq: 1,
			prev,
			minSuite: 1,
			minProfile: slots[0].profile,
			unixMs: nowMs,
			device,
			settingsHash: undefined,
			slots: listed,
			vaults: [place]
		},
		link.ports.random
	);
	const head = await headOf(prev, manifest);
	const vaults = { [place.id]: { generation: 1, seq: 1, head: vaultHead } };
	return { manifest, pin: { generation: 1, seq: 1, head, vaults } };
}
