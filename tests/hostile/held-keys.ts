/** The keys that a client of the account holds, opened with the password: to search for them on the wire. */
import { decode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { accountKeys } from '#lib/protocol/account-keys.ts';
import { passwordDescriptor, passwordSalt, slotKeys } from '#lib/protocol/slots.ts';
import { unwrapAccountKey, unwrapVaultKey } from '#lib/protocol/wrapped-keys.ts';
import type { StoredAccount } from './reference-records.ts';

interface HeldKey {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** @param rootOf what Argon2id, or what stands for it, gives for a salt. */
export async function keysOf(
	{ id: account, email, slots, vaults }: StoredAccount,
	rootOf: (salt: Bytes) => Bytes
): Promise<HeldKey[]> {
	const slot = slots.find(({ kind }) => kind === 1);
	if (slot === undefined) throw new Error('no password slot');
	const salt = decode(String(slot['salt']));
	const root = rootOf(await passwordSalt(1, email, salt));
	const { kek, seed } = await slotKeys(root, 1);
	const accountKey = await unwrapAccountKey({
		account,
		slot: slot.id,
		descriptor: await passwordDescriptor(1, salt),
		revision: 1,
		generation: 1,
		kek,
		wrapped: decode(slot.wrap)
	});
	const { manifest, vaultWrap, settings } = await accountKeys(accountKey);
	const held: HeldKey[] = [
		{ name: 'root', bytes: root },
		{ name: 'kek', bytes: kek },
		{ name: 'seed', bytes: seed },
		{ name: 'account key', bytes: accountKey },
		{ name: 'account manifest key', bytes: manifest },
		{ name: 'vault wrap key', bytes: vaultWrap },
		{ name: 'settings key', bytes: settings }
	];
	for (const [vault, { generation, keyWrap }] of vaults) {
		const place = { account, vault, accountGeneration: 1, generation };
		const wrapped = decode(keyWrap);
		try {
			const vaultKey = await unwrapVaultKey({ ...place, key: vaultWrap, wrapped });
			held.push({ name: 'vault key', bytes: vaultKey });
		} catch {
			// A hostile server put another account's vault here: this account holds no key of it.
		}
	}
	return held;
}
