/**
 * The account of the known answers, made by this product from the inputs of `v1.json`: every key,
 * every record. Nothing of Node or of a test runner in here: the browser runs it too.
 */
import { argon2id } from '#lib/crypto/kdf.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Random } from '#lib/crypto/random.ts';
import { signingKey } from '#lib/crypto/signature.ts';
import { fromHex, type Bytes } from '#lib/encoding/bytes.ts';
import { sealAccountManifest } from '#lib/protocol/account-manifest.ts';
import { accountKeys, type AccountKeys } from '#lib/protocol/account-keys.ts';
import { head } from '#lib/protocol/chain.ts';
import { normaliseEmail } from '#lib/protocol/email.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import { passwordBytes } from '#lib/protocol/password.ts';
import { sealSecret, secretHash } from '#lib/protocol/secrets.ts';
import { sealSettings } from '#lib/protocol/settings.ts';
import { sealSheet } from '#lib/protocol/sheets.ts';
import {
	passwordDescriptor,
	passwordSalt,
	recoveryDescriptor,
	recoveryRoot,
	slotKeys
} from '#lib/protocol/slots.ts';
import { vaultKeys, type VaultKeys } from '#lib/protocol/vault-keys.ts';
import { sealVaultManifest } from '#lib/protocol/vault-manifest.ts';
import { wrapAccountKey, wrapVaultKey } from '#lib/protocol/wrapped-keys.ts';
import type vectors from './v1.json';

export type Vectors = typeof vectors;
type RecordName = keyof Vectors['records'];
export type World = Awaited<ReturnType<typeof makeWorld>>;

/** What the known answers were made with instead of random bytes. */
function fixed(vectors: Vectors): Random {
	const bySize = new Map(
		[vectors.inputs.wrapSalt, vectors.inputs.sealNonce].map(fromHex).map((b) => [b.length, b])
	);
	return (length) => {
		const bytes = bySize.get(length);
		if (!bytes) throw new Error(`no known answer was made with ${length} random bytes`);
		return bytes.slice();
	};
}

export async function makeWorld(vectors: Vectors) {
	const random = fixed(vectors);
	const slots = await makeSlots(vectors, random);
	const account = await accountKeys(fromHex(vectors.inputs.accountKey));
	const vault = await vaultKeys(fromHex(vectors.inputs.vaultKey));
	const vaultKeyWrap = await wrapVaultKey({
		...vaultPlace(vectors),
		accountGeneration: 1,
		key: account.vaultWrap,
		vaultKey: fromHex(vectors.inputs.vaultKey),
		random
	});
	const sealed = await makeVault(vectors, vault, random);
	return {
		...slots,
		...sealed,
		random,
		account,
		vault,
		records: {
			...slots.records,
			...sealed.records,
			...(await makeAccount(vectors, { account, slots, vaultKeyWrap, random })),
			'vault key wrap': vaultKeyWrap
		} satisfies Record<RecordName, Bytes>
	};
}

export function vaultPlace({ inputs }: Vectors) {
	return { account: inputs.account, vault: inputs.vault, generation: 1 };
}

async function makeSlots({ inputs }: Vectors, random: Random) {
	const salt = fromHex(inputs.salt16);
	const kdfSalt = await passwordSalt(1, normaliseEmail(inputs.email), salt);
	const root = await argon2id(passwordBytes(inputs.password), kdfSalt, 1);
	const recovery = await recoveryRoot(fromHex(inputs.r20));
	const [keys, recoveryKeys] = [await slotKeys(root, 1), await slotKeys(recovery, 2)];
	const common = { account: inputs.account, revision: 1, generation: 1 };
	const passwordPlace = {
		...common,
		slot: inputs.slot,
		descriptor: await passwordDescriptor(1, salt)
	};
	const recoveryPlace = {
		...common,
		slot: inputs.recoverySlot,
		descriptor: await recoveryDescriptor()
	};
	const wrap = async (place: typeof passwordPlace, kek: Bytes) =>
		wrapAccountKey({ ...place, kek, accountKey: fromHex(inputs.accountKey), random });
	return {
		kdfSalt,
		root,
		keys,
		recovery,
		recoveryKeys,
		passwordPlace,
		recoveryPlace,
		signing: await signingKey(keys.seed),
		recoverySigning: await signingKey(recoveryKeys.seed),
		records: {
			'slot wrap': await wrap(passwordPlace, keys.kek),
			'recovery slot wrap': await wrap(recoveryPlace, recoveryKeys.kek)
		}
	};
}

async function makeVault(vectors: Vectors, keys: VaultKeys, random: Random) {
	const { inputs } = vectors;
	const place = { ...vaultPlace(vectors), revision: 2 };
	const secret = await sealSecret(
		keys.secrets,
		{ ...place, item: inputs.item },
		inputs.secret,
		random
	);
	const entry = {
		overview: inputs.overview,
		secretHash: await secretHash(secret),
		revision: 2,
		id: inputs.item
	};
	const sheet = await sealSheet(keys.sheets, { ...place, sheet: inputs.sheet }, [entry], random);
	const common = {
		...{ vault: inputs.vault, generation: 1 },
		...{ unixMs: inputs.unixMs, device: inputs.device }
	};
	const sealManifest = async (
		seq: number,
		prev: Bytes,
		sheets: { id: string; revision: number; hash: Bytes }[]
	) => {
		const manifest = { ...common, seq, prev, itemCount: sheets.length, sheets };
		return sealVaultManifest(keys.manifest, inputs.account, manifest, random);
	};
	const first = await sealManifest(1, noHash(), []);
	const head1 = await head(noHash(), first);
	const listed = { id: inputs.sheet, revision: 2, hash: await sha256(sheet) };
	const second = await sealManifest(2, head1, [listed]);
	const head2 = await head(head1, second);
	const records = { secret, sheet, 'vault manifest 1': first, 'vault manifest 2': second };
	return { head1, head2, entry, listed, records };
}

async function makeAccount(
	{ inputs }: Vectors,
	made: {
		account: AccountKeys;
		slots: Awaited<ReturnType<typeof makeSlots>>;
		vaultKeyWrap: Bytes;
		random: Random;
	}
) {
	const { account, slots, vaultKeyWrap, random } = made;
	const row = async (id: string, kind: number, authPublicKey: Bytes, wrap: Bytes) => ({
		...{ id, kind, profile: kind === 1 ? 1 : 0, createdMs: inputs.unixMs, authPublicKey },
		wrapHash: await sha256(wrap)
	});
	const { signing, recoverySigning, records } = slots;
	const manifest = {
		...{ account: inputs.account, generation: 1, seq: 1, prev: noHash() },
		...{ minSuite: 1, minProfile: 1, unixMs: inputs.unixMs, device: inputs.device },
		settingsHash: undefined,
		slots: [
			await row(inputs.recoverySlot, 2, recoverySigning.publicKey, records['recovery slot wrap']),
			await row(inputs.slot, 1, signing.publicKey, records['slot wrap'])
		],
		vaults: [
			{ id: inputs.vault, generation: 1, keyWrapHash: await sha256(vaultKeyWrap), floorSeq: 1 }
		]
	};
	const place = { account: inputs.account, generation: 1, seq: 2 };
	return {
		'account manifest 1': await sealAccountManifest(account.manifest, manifest, random),
		settings: await sealSettings(account.settings, place, inputs.settings, random)
	};
}
