/**
 * A vault as it begins: a key of its own, wrapped under the account's, and a first manifest that lists
 * nothing. Norm: docs/protocol.md, 6, 7 and 10.
 */
import type { AccountCommitRequest } from '#lib/api/account.ts';
import type { KeyMaterial } from '#lib/crypto/hkdf.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { idText, type Id } from '#lib/encoding/id.ts';
import { BEGINNING } from '#lib/keyholder/descent.ts';
import { ItemIndex } from '#lib/keyholder/item-index.ts';
import { wipeVaultKeys } from '#lib/keyholder/open-account.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import type { VaultState } from '#lib/keyholder/vault-state.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { vaultKeys, type VaultKeys } from '#lib/protocol/vault-keys.ts';
import { sealVaultManifest } from '#lib/protocol/vault-manifest.ts';
import { wrapVaultKey } from '#lib/protocol/wrapped-keys.ts';

/** The account that a vault is made in. */
export interface VaultOwner {
	readonly account: Id;
	/** Of the account key. */
	readonly generation: number;
	readonly vaultWrap: KeyMaterial;
}

export interface NewVault {
	readonly sent: AccountCommitRequest['vaults'][number];
	/** Once it is stored. Its keys are the holder's to wipe. */
	readonly state: VaultState;
}

export async function newVault(
	{ random, pins, now }: Ports,
	{ account, generation, vaultWrap }: VaultOwner
): Promise<NewVault> {
	const id = idText(random(16));
	const device = await pins.deviceId();
	const vaultKey = random(32);
	let keys: VaultKeys | undefined;
	try {
		const wrapping = { account, vault: id, accountGeneration: generation, generation: 1 };
		const keyWrap = await wrapVaultKey({ ...wrapping, key: vaultWrap, vaultKey, random });
		keys = await vaultKeys(vaultKey);
		const { head: prev } = BEGINNING;
		const first = { vault: id, generation: 1, seq: 1, prev, unixMs: now(), device };
		const manifest = { ...first, itemCount: 0, sheets: [] };
		const sealed = await sealVaultManifest(keys.manifest, account, manifest, random);
		const keyWrapHash = await sha256(keyWrap);
		const place = { id, generation: 1, keyWrapHash, floorSeq: 1, account, keys };
		const head = await headOf(prev, sealed);
		const state = { place, manifest, head, sheets: new Map(), items: new ItemIndex(new Map()) };
		return { sent: { id, keyWrap, manifest: sealed }, state };
	} catch (error) {
		if (keys !== undefined) wipeVaultKeys(keys);
		throw error;
	} finally {
		vaultKey.fill(0);
	}
}
