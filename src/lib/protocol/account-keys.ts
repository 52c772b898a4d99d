/** What the account key (AK) is used for: never itself, only keys derived from it. Norm: docs/protocol.md, 6. */
import { hkdf } from '#lib/crypto/hkdf.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { label } from '#lib/encoding/label.ts';

/** Keys of `Wrap`, 32 bytes each. Bytes, not `CryptoKey`s, because Wrap derives anew each time: wipe them on lock. */
export interface AccountKeys {
	readonly manifest: Bytes;
	readonly vaultWrap: Bytes;
	readonly settings: Bytes;
}

export async function accountKeys(accountKey: Bytes): Promise<AccountKeys> {
	const [manifest, vaultWrap, settings] = await Promise.all([
		hkdf(accountKey, label('account/manifest')),
		hkdf(accountKey, label('account/vault-wrap')),
		hkdf(accountKey, label('account/settings'))
	]);
	return { manifest, vaultWrap, settings };
}
