/**
 * A new account: all its keys and records, made before anything is sent, so that the recovery kit
 * is in the person's hands before the account exists. Norm: docs/protocol.md, 10.
 */
import type { RegisterRequest } from '#lib/api/accounts.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { DEFAULT_KDF_PROFILE } from '#lib/crypto/kdf.ts';
import { signingKey } from '#lib/crypto/signature.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { idText, type Id } from '#lib/encoding/id.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { wipeAccountKeys, wipeVaultKeys } from '#lib/keyholder/open-account.ts';
import type { AccountPin } from '#lib/keyholder/pins.ts';
import { derivePasswordKeys, type PasswordKeys } from '#lib/keyholder/proving.ts';
import { readTyped, type TypedEmail } from '#lib/keyholder/typed.ts';
import { accountKeys, type AccountKeys } from '#lib/protocol/account-keys.ts';
import { sealAccountManifest, type ManifestSlot } from '#lib/protocol/account-manifest.ts';
import { BEGINNING } from '#lib/keyholder/descent.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { checkNewPassword } from '#lib/protocol/password.ts';
import { writeKit } from '#lib/protocol/recovery-kit.ts';
import {
	passwordDescriptor,
	recoveryDescriptor,
	recoveryLocator,
	recoveryRoot,
	SLOT_KIND,
	slotKeys
} from '#lib/protocol/slots.ts';
import { vaultKeys, type VaultKeys } from '#lib/protocol/vault-keys.ts';
import { sealVaultManifest } from '#lib/protocol/vault-manifest.ts';
import { wrapAccountKey, wrapVaultKey } from '#lib/protocol/wrapped-keys.ts';

/** A whole account that was not sent yet. */
export interface Prepared {
	readonly typed: TypedEmail;
	readonly kit: string;
	readonly request: RegisterRequest;
	/** Of the password's slot, to sign in with once the account exists. */
	readonly keys: PasswordKeys;
	/** What the server must serve from then on. */
	readonly pin: AccountPin;
}

/** Keys and names of an account that is being made. */
interface Making {
	readonly link: Link;
	readonly account: Id;
	readonly vault: Id;
	readonly device: Id;
	readonly nowMs: number;
	readonly accountKey: Bytes;
	readonly ofAccount: AccountKeys;
	readonly vaultKey: Bytes;
	readonly ofVault: VaultKeys;
}

type NewSlots = RegisterRequest['slots'];
type NewVault = RegisterRequest['vault'];

/** @throws {KeyholderError} `invalid` if it is no email, or no password that may be set. */
export async function prepareAccount(
	link: Link,
	email: string,
	password: string
): Promise<Prepared> {
	const fault = checkNewPassword(password);
	if (fault !== undefined) throw new KeyholderError('invalid', `password is ${fault}`);
	const typed = readTyped(email, password);
	const salt = link.ports.random(16);
	const keys = await derivePasswordKeys(link, typed, { profile: DEFAULT_KDF_PROFILE, salt });
	try {
		return await makeAccount(link, typed, keys, salt);
	} catch (error) {
		keys.kek.fill(0);
		throw error;
	}
}

async function makeAccount(
	link: Link,
	typed: TypedEmail,
	keys: PasswordKeys,
	salt: Bytes
): Promise<Prepared> {
	const making = await begin(link);
	const r20 = link.ports.random(20);
	try {
		const slots: NewSlots = [
			await passwordSlot(making, keys, salt),
			await recoverySlot(making, r20)
		];
		const { vault, head } = await newVault(making);
		const { manifest, pin } = await listAll(making, slots, vault, head);
		const { emailAsTyped, email: normalised } = typed;
		const request = { account: making.account, email: emailAsTyped, slots, manifest, vault };
		const kit = await writeKit(r20);
		link.life.check();
		return { typed: { emailAsTyped, email: normalised }, kit, request, keys, pin };
	} finally {
		wipeAccountKeys(making.ofAccount);
		wipeVaultKeys(making.ofVault);
		for (const key of [making.accountKey, making.vaultKey, r20]) key.fill(0);
	}
}

async function begin(link: Link): Promise<Making> {
	const { random, pins, now } = link.ports;
	const device = await pins.deviceId();
	const accountKey = random(32);
	const vaultKey = random(32);
	return {
		link,
		account: idText(random(16)),
		vault: idText(random(16)),
		device,
		nowMs: now(),
		accountKey,
		ofAccount: await accountKeys(accountKey),
		vaultKey,
		ofVault: await vaultKeys(vaultKey)
	};
}

async function passwordSlot(
	{ link, account, accountKey }: Making,
	{ kek, signing }: PasswordKeys,
	salt: Bytes
): Promise<NewSlots[0]> {
	const id = idText(link.ports.random(16));
	const descriptor = await passwordDescriptor(DEFAULT_KDF_PROFILE, salt);
	const place = { account, slot: id, descriptor, revision: 1, generation: 1 };
	const wrap = await wrapAccountKey({ ...place, kek, accountKey, random: link.ports.random });
	const { publicKey: authPublicKey } = signing;
	return { id, kind: 1, profile: DEFAULT_KDF_PROFILE, salt, authPublicKey, revision: 1, wrap };
}

async function recoverySlot(
	{ link, account, accountKey }: Making,
	r20: Bytes
): Promise<NewSlots[1]> {
	const id = idText(link.ports.random(16));
	const root = await recoveryRoot(r20);
	const { kek, seed } = await slotKeys(root, SLOT_KIND.recovery);
	const { publicKey: authPublicKey } = await signingKey(seed);
	const descriptor = await recoveryDescriptor();
	const place = { account, slot: id, descriptor, revision: 1, generation: 1 };
	const wrap = await wrapAccountKey({ ...place, kek, accountKey, random: link.ports.random });
	for (const secret of [root, kek, seed]) secret.fill(0);
	const locator = await recoveryLocator(r20);
	return { id, kind: 2, locator, authPublicKey, revision: 1, wrap };
}

/** The first vault, empty. */
async function newVault(making: Making): Promise<{ vault: NewVault; head: Bytes }> {
	const { link, account, vault: id, device, nowMs, vaultKey, ofAccount, ofVault } = making;
	const { random } = link.ports;
	const place = { account, vault: id, accountGeneration: 1, generation: 1 };
	const keyWrap = await wrapVaultKey({ ...place, key: ofAccount.vaultWrap, vaultKey, random });
	const { head: prev } = BEGINNING;
	const manifest = await sealVaultManifest(
		ofVault.manifest,
		account,
		{ vault: id, generation: 1, seq: 1, prev, unixMs: nowMs, device, itemCount: 0, sheets: [] },
		random
	);
	return { vault: { id, keyWrap, manifest }, head: await headOf(prev, manifest) };
}

/** The account's first manifest, and the pins that hold the server to it. */
async function listAll(
	{ link, account, device, nowMs, ofAccount }: Making,
	slots: NewSlots,
	vault: NewVault,
	vaultHead: Bytes
): Promise<{ manifest: Bytes; pin: AccountPin }> {
	const { head: prev } = BEGINNING;
	const listed = await Promise.all(slots.map((slot) => listedSlot(slot, nowMs)));
	const keyWrapHash = await sha256(vault.keyWrap);
	const manifest = await sealAccountManifest(
		ofAccount.manifest,
		{
			account,
			generation: 1,
			seq: 1,
			prev,
			minSuite: 1,
			minProfile: DEFAULT_KDF_PROFILE,
			unixMs: nowMs,
			device,
			settingsHash: undefined,
			slots: listed,
			vaults: [{ id: vault.id, generation: 1, keyWrapHash, floorSeq: 1 }]
		},
		link.ports.random
	);
	const head = await headOf(prev, manifest);
	const vaults = { [vault.id]: { generation: 1, seq: 1, head: vaultHead } };
	return { manifest, pin: { generation: 1, seq: 1, head, vaults } };
}

async function listedSlot(
	slot: NewSlots[0] | NewSlots[1],
	createdMs: number
): Promise<ManifestSlot> {
	const { id, kind, authPublicKey, wrap } = slot;
	const profile = slot.kind === 1 ? slot.profile : 0;
	return { id, kind, profile, createdMs, authPublicKey, wrapHash: await sha256(wrap) };
}
