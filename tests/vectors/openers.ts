/** How each record of the known answers is opened: by what the product expects of it. */
import { CryptoError } from '#lib/crypto/errors.ts';
import { fromHex, type Bytes } from '#lib/encoding/bytes.ts';
import { openAccountManifest } from '#lib/protocol/account-manifest.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import { openSecret } from '#lib/protocol/secrets.ts';
import { openSettings } from '#lib/protocol/settings.ts';
import { openSheet } from '#lib/protocol/sheets.ts';
import { openVaultManifest } from '#lib/protocol/vault-manifest.ts';
import { unwrapAccountKey, unwrapVaultKey } from '#lib/protocol/wrapped-keys.ts';
import { vaultPlace, type Vectors, type World } from './world.ts';

type Opener = (bytes: Bytes) => Promise<object>;

export function openersOf(vectors: Vectors, world: World): ReadonlyMap<string, Opener> {
	const { inputs } = vectors;
	const place = vaultPlace(vectors);
	const written = { ...place, revision: 2 };
	const manifestOf = (seq: number) => async (bytes: Bytes) =>
		openVaultManifest(world.vault.manifest, inputs.account, { ...place, seq }, bytes);
	const account = { account: inputs.account, generation: 1 };
	return new Map<string, Opener>([
		[
			'slot wrap',
			(wrapped) => unwrapAccountKey({ ...world.passwordPlace, kek: world.keys.kek, wrapped })
		],
		[
			'recovery slot wrap',
			(wrapped) =>
				unwrapAccountKey({ ...world.recoveryPlace, kek: world.recoveryKeys.kek, wrapped })
		],
		[
			'vault key wrap',
			(wrapped) =>
				unwrapVaultKey({ ...place, accountGeneration: 1, key: world.account.vaultWrap, wrapped })
		],
		['secret', (b) => openSecret(world.vault.secrets, { ...written, item: inputs.item }, b)],
		['sheet', (b) => openSheet(world.vault.sheets, { ...written, sheet: inputs.sheet }, b)],
		['vault manifest 1', manifestOf(1)],
		['vault manifest 2', manifestOf(2)],
		[
			'account manifest 1',
			(b) => openAccountManifest(world.account.manifest, { ...account, seq: 1 }, b)
		],
		['settings', (b) => openSettings(world.account.settings, { ...account, seq: 2 }, b)]
	]);
}

/** What the published records hold; of the manifests, the members that only they know. */
export function plainsOf({ inputs }: Vectors, world: World): ReadonlyMap<string, object> {
	const { id, revision, secretHash, overview } = world.entry;
	const written = { unixMs: inputs.unixMs, device: inputs.device };
	return new Map<string, object>([
		['slot wrap', fromHex(inputs.accountKey)],
		['recovery slot wrap', fromHex(inputs.accountKey)],
		['vault key wrap', fromHex(inputs.vaultKey)],
		['secret', inputs.secret],
		['sheet', [{ id, revision, secretHash, overview }]],
		['vault manifest 1', { ...written, prev: noHash(), itemCount: 0, sheets: [] }],
		['vault manifest 2', { ...written, prev: world.head1, itemCount: 1, sheets: [world.listed] }],
		['account manifest 1', { ...written, prev: noHash(), minSuite: 1, minProfile: 1 }],
		['settings', inputs.settings]
	]);
}

/** `opened`, or the code of the refusal. */
export async function outcomeOf(
	openers: ReadonlyMap<string, Opener>,
	record: string,
	bytes: Bytes
): Promise<string> {
	try {
		const opener = openers.get(record);
		if (!opener) return 'no such record';
		await opener(bytes);
		return 'opened';
	} catch (error) {
		if (error instanceof CryptoError || error instanceof ProtocolError) return error.code;
		return 'another error';
	}
}
