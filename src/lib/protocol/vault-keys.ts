/** What a vault key (VK) is used for: never itself, only keys derived from it. Norm: docs/protocol.md, 6. */
import { hkdf } from '#lib/crypto/hkdf.ts';
import { sealingKey } from '#lib/crypto/seal.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { label } from '#lib/encoding/label.ts';

export interface VaultKeys {
	/** These three seal; they cannot be read out. */
	readonly sheets: CryptoKey;
	readonly secrets: CryptoKey;
	/** Of notes in the activity log. */
	readonly notes: CryptoKey;
	/** A key of `Wrap`, 32 bytes: wipe it on lock. */
	readonly manifest: Bytes;
	/** A key of HMAC, 32 bytes: wipe it on lock. */
	readonly fingerprint: Bytes;
}

export async function vaultKeys(vaultKey: Bytes): Promise<VaultKeys> {
	const [sheets, secrets, notes, manifest, fingerprint] = await Promise.all([
		derivedSealingKey(vaultKey, 'vault/sheets'),
		derivedSealingKey(vaultKey, 'vault/secrets'),
		derivedSealingKey(vaultKey, 'vault/notes'),
		hkdf(vaultKey, label('vault/manifest')),
		hkdf(vaultKey, label('vault/fingerprint'))
	]);
	return { sheets, secrets, notes, manifest, fingerprint };
}

async function derivedSealingKey(vaultKey: Bytes, name: string): Promise<CryptoKey> {
	const raw = await hkdf(vaultKey, label(name));
	try {
		return await sealingKey(raw);
	} finally {
		raw.fill(0);
	}
}
