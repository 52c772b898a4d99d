/**
 * The verified state of an account, and how an answer of the server becomes one. Norm:
 * docs/protocol.md, 8 and 9.
 *
 * Numbers and lists beside the sealed blobs only help to build contexts; whatever the manifest
 * says too is compared with it, and the manifest is what counts.
 */
import type { AccountHead } from '#lib/api/account.ts';
import type { ListedSlot, SpokenSlot } from '#lib/api/slots.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { readSettings } from '#lib/items/settings.ts';
import { checkDescent, type Known } from '#lib/keyholder/descent.ts';
import { wipeFresh } from '#lib/keyholder/open-account.ts';
import type { VaultPlace } from '#lib/keyholder/vault-state.ts';
import type { AccountKeys } from '#lib/protocol/account-keys.ts';
import {
	openAccountManifest,
	type AccountManifest,
	type ManifestSlot,
	type ManifestVault
} from '#lib/protocol/account-manifest.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { demand, ProtocolError } from '#lib/protocol/errors.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import type { JsonObject } from '#lib/protocol/json.ts';
import { openSettings } from '#lib/protocol/settings.ts';
import { SLOT_KIND } from '#lib/protocol/slots.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { unwrapVaultKey } from '#lib/protocol/wrapped-keys.ts';

/** The slot that was unlocked with. */
export interface UsedSlot {
	readonly id: Id;
	readonly kind: SpokenSlot['kind'];
}

/** What unlocking made of a slot, and what the manifest must say of it. Nothing in it is secret. */
export interface OpenedSlot extends UsedSlot {
	/** 0 unless it is a password. */
	readonly profile: number;
	/** Derived from what the person has, not served; zeros for a passkey. */
	readonly authPublicKey: Bytes;
	/** SHA-256 of the wrap that was opened. */
	readonly wrapHash: Bytes;
}

/** The password's slot. The salt is the server's word: a wrong one gives another public key. */
export interface PasswordSlot extends OpenedSlot {
	readonly kind: 1;
	readonly salt: Bytes;
	readonly revision: number;
}

export interface AccountState {
	readonly account: Id;
	/** As the server says it: for a comparison with what a person types, never for a key. */
	readonly servedEmail: string;
	readonly slot: UsedSlot;
	/** As served; ids, kinds, profiles and public keys are those that the manifest lists. */
	readonly slots: readonly SpokenSlot[];
	readonly keys: AccountKeys;
	readonly manifest: AccountManifest;
	readonly head: Bytes;
	/** As they were opened, with what this version cannot read; undefined if none were ever written. */
	readonly settings: JsonObject | undefined;
	/** Where each vault has to be, and its keys; in the manifest's order. */
	readonly vaults: readonly VaultPlace[];
}

/** @throws {ProtocolError} `integrity` if there is none, which no verified account is. */
export function passwordSlotOf({ slots, manifest }: AccountState): PasswordSlot {
	const served = slots.find((slot) => slot.kind === SLOT_KIND.password);
	const listed = manifest.slots.find(({ id }) => id === served?.id);
	demand(served !== undefined && listed !== undefined, 'an account without a password');
	const { wrapHash, authPublicKey } = listed;
	return { ...served, wrapHash, authPublicKey };
}

/** Who is asked about, and what is known of it already. */
export interface Verifying {
	readonly account: Id;
	readonly keys: AccountKeys;
	/** An {@link OpenedSlot} when it is unlocked: then the manifest must list exactly that. */
	readonly slot: UsedSlot | OpenedSlot;
}

/**
 * Verifies an answer in the order of docs/protocol.md, 9: manifest, chain, slots, settings, vault
 * keys. The last are the caller's to wipe, also if what comes afterwards fails.
 *
 * @param vaultsBefore of the state before: their keys need not be unwrapped again.
 * @throws what the layers below throw; all of it is final.
 */
export async function verifyAccount(
	{ account, slot, keys }: Verifying,
	served: AccountHead,
	known: Known,
	vaultsBefore: readonly VaultPlace[] = []
): Promise<AccountState> {
	demand(served.account === account, 'answer about another account');
	const { generation } = served;
	const { seq, blob } = served.manifest;
	const manifest = await openAccountManifest(keys.manifest, { account, generation, seq }, blob);
	const head = await headOf(manifest.prev, blob);
	await checkDescent(known, { seq, head, prev: manifest.prev, generation }, served.chain);
	const slots = checkSlots(manifest.slots, served.slots);
	checkUsed(manifest.slots, slot);
	const settings = await openListedSettings(keys, manifest, served.settings);
	const vaults = await openVaultKeys(keys, manifest, served, vaultsBefore);
	const used = { id: slot.id, kind: slot.kind };
	const { email: servedEmail } = served;
	return { account, servedEmail, slot: used, slots, keys, manifest, head, settings, vaults };
}

/** The served slots are those listed, none more, none fewer. */
function checkSlots(
	listed: readonly ManifestSlot[],
	served: readonly ListedSlot[]
): readonly SpokenSlot[] {
	if (!served.every(isSpoken)) {
		throw new ProtocolError('unsupported', 'slot of a kind that this version does not speak');
	}
	demand(listed.length === served.length, 'another number of slots than listed');
	for (const slot of listed) {
		const found = served.find(({ id }) => id === slot.id);
		demand(found !== undefined, 'a listed slot is missing');
		demand(found.kind === slot.kind, 'slot of another kind than listed');
		demand(profileOf(found) === slot.profile, 'slot of another profile than listed');
		demand(equal(publicKeyOf(found), slot.authPublicKey), 'slot of another key than listed');
	}
	return served;
}

/**
 * The slot that was used is among those listed, and when unlocking, with our key and our wrap.
 * Afterwards it may have got another wrap: the manifest says so, under keys that only the owner has.
 */
function checkUsed(listed: readonly ManifestSlot[], used: UsedSlot | OpenedSlot): void {
	const own = listed.find(({ id }) => id === used.id);
	demand(own !== undefined, 'the slot that was used is not listed');
	if (!('wrapHash' in used)) return;
	demand(equal(own.wrapHash, used.wrapHash), 'the wrap that was opened is not the listed one');
	demand(own.profile === used.profile, 'the profile that was used is not the listed one');
	demand(equal(own.authPublicKey, used.authPublicKey), 'the key that signed is not the listed one');
}

/** Whether the slot is of a kind that this version speaks. */
export function isSpoken(slot: ListedSlot): slot is SpokenSlot {
	return Object.values<number>(SLOT_KIND).includes(slot.kind);
}

/** A passkey proves by a key of its own, which the manifest does not list. */
function publicKeyOf(slot: SpokenSlot): Bytes {
	return slot.kind === SLOT_KIND.passkey ? noHash() : slot.authPublicKey;
}

function profileOf(slot: SpokenSlot): number {
	return slot.kind === SLOT_KIND.password ? slot.profile : 0;
}

/** The served vault keys are those listed, none more, none fewer, each by its hash. */
async function openVaultKeys(
	keys: AccountKeys,
	manifest: AccountManifest,
	served: AccountHead,
	before: readonly VaultPlace[]
): Promise<VaultPlace[]> {
	demand(manifest.vaults.length === served.vaults.length, 'another number of vaults than listed');
	const places: VaultPlace[] = [];
	try {
		for (const listed of manifest.vaults) {
			const keyWrap = await listedWrap(listed, served);
			const same = before.find((place) => isSame(place, listed));
			const vaultKeysOf = same?.keys ?? (await unwrapKeys(keys, manifest, listed, keyWrap));
			places.push({ ...listed, account: manifest.account, keys: vaultKeysOf });
		}
		return places;
	} catch (error) {
		wipeFresh(places, before);
		throw error;
	}
}

async function listedWrap(listed: ManifestVault, { vaults }: AccountHead): Promise<Bytes> {
	const found = vaults.find(({ id }) => id === listed.id);
	demand(found !== undefined, 'a listed vault is missing');
	demand(found.generation === listed.generation, 'vault key of another generation than listed');
	demand(equal(await sha256(found.keyWrap), listed.keyWrapHash), 'another vault key than listed');
	return found.keyWrap;
}

function isSame(place: VaultPlace, { id, generation, keyWrapHash }: ManifestVault): boolean {
	return (
		place.id === id && place.generation === generation && equal(place.keyWrapHash, keyWrapHash)
	);
}

async function unwrapKeys(
	{ vaultWrap }: AccountKeys,
	{ account, generation: accountGeneration }: AccountManifest,
	{ id: vault, generation }: ManifestVault,
	wrapped: Bytes
) {
	const vaultKey = await unwrapVaultKey({
		account,
		vault,
		accountGeneration,
		generation,
		key: vaultWrap,
		wrapped
	});
	try {
		return await vaultKeys(vaultKey);
	} finally {
		vaultKey.fill(0);
	}
}

async function openListedSettings(
	keys: AccountKeys,
	{ account, generation, seq, settingsHash }: AccountManifest,
	sealed: Bytes | undefined
): Promise<JsonObject | undefined> {
	if (sealed === undefined || settingsHash === undefined) {
		demand(sealed === settingsHash, 'settings that are not listed');
		return undefined;
	}
	demand(equal(await sha256(sealed), settingsHash), 'other settings than listed');
	const settings = await openSettings(keys.settings, { account, generation, seq }, sealed);
	readSettings(settings);
	return settings;
}
