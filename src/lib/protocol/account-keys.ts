/** What the account key (AK) is used for: never itself, only keys derived from it. Norm: docs/protocol.md, 6. */
import { enclose, hkdf, type KeyMaterial } from '#lib/crypto/hkdf.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { label } from '#lib/encoding/label.ts';

/**
 * Keys of `Wrap`, 32 bytes each, from which it derives anew each time. As bytes they are to be wiped on
 * lock; {@link encloseKeys} has no bytes to wipe.
 */
export interface AccountKeys<Key extends KeyMaterial = KeyMaterial> {
	readonly manifest: Key;
	readonly vaultWrap: Key;
	readonly settings: Key;
}

export async function accountKeys(accountKey: Bytes): Promise<AccountKeys<Bytes>> {
	const [manifest, vaultWrap, settings] = await Promise.all([
		hkdf(accountKey, label('account/manifest')),
		hkdf(accountKey, label('account/vault-wrap')),
		hkdf(accountKey, label('account/settings'))
	]);
	return { manifest, vaultWrap, settings };
}

/** The same keys for another thread: they derive there, and nobody reads them. */
export async function encloseKeys(keys: AccountKeys): Promise<AccountKeys<CryptoKey>> {
	const [manifest, vaultWrap, settings] = await Promise.all([
		enclose(keys.manifest),
		enclose(keys.vaultWrap),
		enclose(keys.settings)
	]);
	return { manifest, vaultWrap, settings };
}
