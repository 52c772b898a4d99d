/**
 * Another vault in an account, written as a client would that can make one: with the account's own
 * keys, which the password opens.
 */
import { createHash } from 'node:crypto';
import { randomBytes } from '#lib/crypto/random.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { idText, type Id } from '#lib/encoding/id.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { openAccountManifest, sealAccountManifest } from '#lib/protocol/account-manifest.ts';
import { openSettings, sealSettings } from '#lib/protocol/settings.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { sealVaultManifest } from '#lib/protocol/vault-manifest.ts';
import { wrapVaultKey } from '#lib/protocol/wrapped-keys.ts';
import { passwordBytes } from '#lib/protocol/password.ts';
import { cheapRoot, NOW, PASSWORD, type World } from './harness.ts';
import { keysOf } from './held-keys.ts';
import { ReferenceChain } from './reference-chain.ts';

const DEVICE = idText(new Uint8Array(16).fill(9));

/** Adds an empty vault to the account of {@link PASSWORD}. */
export async function addVault(world: World): Promise<Id> {
	const [id] = await addVaults(world, 1);
	if (id === undefined) throw new Error('no vault');
	return id;
}

/** Adds so many of them, in one commit. */
export async function addVaults(world: World, count: number): Promise<Id[]> {
	const stored = world.stored();
	const { id: account, generation, chain } = stored;
	const rootOf = (salt: Bytes) => cheapRoot(passwordBytes(PASSWORD), salt, 1);
	const keys = new Map((await keysOf(stored, rootOf)).map(({ name, bytes }) => [name, bytes]));
	const keyOf = (name: string) => new Uint8Array(keys.get(name) ?? []);
	const made = await Promise.all(
		Array.from({ length: count }, () =>
			emptyVault({ account, generation }, keyOf('vault wrap key'))
		)
	);
	const place = { account, generation, seq: chain.seq };
	const next = { ...place, seq: chain.seq + 1 };
	const manifestKey = keyOf('account manifest key');
	const before = await openAccountManifest(manifestKey, place, decode(chain.blob));
	const settingsKey = keyOf('settings key');
	const settings = await sealSettings(
		settingsKey,
		next,
		await openSettings(settingsKey, place, decode(stored.settings ?? '')),
		randomBytes
	);
	const manifest = await sealAccountManifest(
		manifestKey,
		{
			...{ ...before, seq: next.seq, prev: decode(chain.head), settingsHash: sha256(settings) },
			vaults: [
				...before.vaults,
				...made.map(({ id, keyWrap }) => {
					return { id, generation: 1, keyWrapHash: sha256(keyWrap), floorSeq: 1 };
				})
			]
		},
		randomBytes
	);
	stored.settings = encode(settings);
	stored.chain.push(encode(manifest));
	for (const { id, keyWrap, first } of made) {
		stored.vaults.set(id, {
			...{ generation: 1, keyWrap: encode(keyWrap), chain: new ReferenceChain(encode(first)) },
			...{ sheets: new Map(), secrets: new Map() }
		});
	}
	return made.map(({ id }) => id);
}

async function emptyVault(owner: { account: Id; generation: number }, key: Bytes) {
	const { account, generation: accountGeneration } = owner;
	const id = idText(randomBytes(16));
	const vaultKey = randomBytes(32);
	const keyWrap = await wrapVaultKey({
		...{ account, vault: id, accountGeneration, generation: 1 },
		...{ key, vaultKey, random: randomBytes }
	});
	const first = await sealVaultManifest(
		(await vaultKeys(vaultKey)).manifest,
		account,
		{
			...{ vault: id, generation: 1, seq: 1, prev: new Uint8Array(32) },
			...{ unixMs: NOW, device: DEVICE, itemCount: 0, sheets: [] }
		},
		randomBytes
	);
	return { id, keyWrap, first };
}

function sha256(bytes: Bytes): Bytes {
	return new Uint8Array(createHash('sha256').update(bytes).digest());
}
