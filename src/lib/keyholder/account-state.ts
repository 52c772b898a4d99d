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
import type { JsonObject } from '#lib/protocol/json.ts';
import { openSettings } from '#lib/protocol/settings.ts';
import { SLOT_KIND } from '#lib/protocol/slots.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { unwrapVaultKey } from '#lib/protocol/wrapped-keys.ts';

/** The slot that was unlocked with, as far as it is needed again. Nothing in it is secret. */
export interface UsedSlot {
	readonly id: Id;
	readonly profile: number;
	readonly salt: Bytes;
	/** Derived from the password, not served. */
	readonly authPublicKey: Bytes;
	/** SHA-256 of the wrap that was opened. */
	readonly wrapHash: Bytes;
}

export interface AccountState {
	readonly account: Id;
	readonly slot: UsedSlot;
	readonly keys: AccountKeys;
	readonly manifest: AccountManifest;
	readonly head: Bytes;
	/** As they were opened, with what this version cannot read; undefined if none were ever written. */
	readonly settings: JsonObject | undefined;
	/** Where each vault has to be, and its keys; in the manifest's order. */
	readonly vaults: readonly VaultPlace[];
}

/**
 * Verifies an answer in the order of docs/protocol.md, 9: manifest, chain, slots, settings, vault
 * keys. The last are the caller's to wipe, also if what comes afterwards fails.
 *
 * @param vaultsBefore of the state before: their keys need not be unwrapped again.
 * @throws what the layers below throw; all of it is final.
 */
export async function verifyAccount(
	{ account, slot, keys }: Pick<AccountState, 'account' | 'slot' | 'keys'>,
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
	checkSlots(manifest.slots, served.slots, slot);
	const settings = await openListedSettings(keys, manifest, served.settings);
	const vaults = await openVaultKeys(keys, manifest, served, vaultsBefore);
	return { account, slot, keys, manifest, head, settings, vaults };
}

/** The served slots are those listed, none more, none fewer, and ours is among them with our wrap. */
function checkSlots(
	listed: readonly ManifestSlot[],
	served: readonly ListedSlot[],
	used: UsedSlot
): void {
	if (!served.every(isSpoken)) {
		throw new ProtocolError('unsupported', 'slot of a kind that this version does not speak');
	}
	demand(listed.length === served.length, 'another number of slots than listed');
	for (const slot of listed) {
		const found = served.find(({ id }) => id === slot.id);
		demand(found !== undefined, 'a listed slot is missing');
		demand(found.kind === slot.kind, 'slot of another kind than listed');
		demand(profileOf(found) === slot.profile, 'slot of another profile than listed');
		demand(equal(found.authPublicKey, slot.authPublicKey), 'slot of another key than listed');
	}
	const own = listed.find(({ id }) => id === used.id);
	demand(own !== undefined, 'the slot that was used is not listed');
	demand(equal(own.wrapHash, used.wrapHash), 'the wrap that was opened is not the listed one');
	demand(own.profile === used.profile, 'the profile that was used is not the listed one');
	demand(equal(own.authPublicKey, used.authPublicKey), 'the key that signed is not the listed one');
}

/** Whether the slot is of a kind that this version speaks. */
export function isSpoken(slot: ListedSlot): slot is SpokenSlot {
	return slot.kind === SLOT_KIND.password || slot.kind === SLOT_KIND.recovery;
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
	demand((sealed === undefined) === (settingsHash === undefined), 'settings that are not listed');
	if (sealed === undefined || settingsHash === undefined) return undefined;
	demand(equal(await sha256(sealed), settingsHash), 'other settings than listed');
	const settings = await openSettings(keys.settings, { account, generation, seq }, sealed);
	readSettings(settings);
	return settings;
}
