/**
 * Records that a holder of the right key sealed in the right place with a program of its own: what
 * is inside is held to the same rules as what this program writes.
 */
import { describe, expect, test } from 'vitest';
import { pad, padme, pagesOf } from '#lib/crypto/padding.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { seal, sealingKey } from '#lib/crypto/seal.ts';
import { unwrap, wrap } from '#lib/crypto/wrap.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { openAccountManifest, sealAccountManifest } from '#lib/protocol/account-manifest.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { openNote } from '#lib/protocol/notes.ts';
import { openSecret } from '#lib/protocol/secrets.ts';
import { openSettings } from '#lib/protocol/settings.ts';
import { openSheet } from '#lib/protocol/sheets.ts';
import { openVaultManifest, sealVaultManifest } from '#lib/protocol/vault-manifest.ts';
import { unwrapVaultKey, wrapVaultKey } from '#lib/protocol/wrapped-keys.ts';
import { refusal } from '../../../tests/refusals.ts';

const filled = (value: number, length = 16): Bytes => new Uint8Array(length).fill(value);
const id = (value: number) => idText(filled(value));
const raw = filled(1, 32);
const key = await sealingKey(raw);
const [account, vault, object] = [id(1), id(2), id(3)];
const generation = 4;
const revision = 5;
const small = (length: number) => Math.max(256, padme(length));

/** `text` with spaces behind it, up to `bytes`. */
function sized(text: string, bytes: number): Bytes {
	return utf8(text.padEnd(bytes));
}

describe('the JSON of', () => {
	const note = context({
		...{ purpose: PURPOSE.note, generation, account },
		...{ scope: vault, object, revision: 1 }
	});
	const secret = context({
		...{ purpose: PURPOSE.secret, generation, account },
		...{ scope: vault, object, revision }
	});
	const sheet = context({
		...{ purpose: PURPOSE.sheet, generation, account },
		...{ scope: vault, object, revision }
	});
	const settings = context({ purpose: PURPOSE.settings, generation, account, revision });
	const entry = { id: id(6), revision: 1, secretHash: encode(filled(7, 32)), overview: {} };

	test.each<[string, number, (bytes: number) => Promise<unknown>]>([
		[
			'a note',
			1_020,
			async (bytes) => {
				const sealed = await seal(key, note, pad(sized('{"v":1}', bytes), small), randomBytes);
				return openNote(key, { account, vault, generation, note: object }, sealed);
			}
		],
		[
			'a secret',
			65_532,
			async (bytes) => {
				const sealed = await seal(key, secret, pad(sized('{"v":1}', bytes), small), randomBytes);
				const place = { account, vault, generation, item: object, revision };
				return openSecret(key, place, sealed);
			}
		],
		[
			'a sheet',
			262_140,
			async (bytes) => {
				const json = sized(JSON.stringify({ v: 1, items: [entry] }), bytes);
				const sealed = await seal(key, sheet, pad(json, pagesOf(4_096)), randomBytes);
				const place = { account, vault, generation, sheet: object, revision };
				return openSheet(key, place, sealed);
			}
		],
		[
			'settings',
			65_532,
			async (bytes) => {
				const json = sized('{"v":1}', bytes);
				const wrapped = await wrap(raw, settings, pad(json, pagesOf(1_024)), randomBytes);
				return openSettings(raw, { account, generation, seq: revision }, wrapped);
			}
		]
	])('%s is read up to %d bytes', async (_what, most, opened) => {
		await expect(opened(most)).resolves.toBeDefined();
		await expect(opened(most + 1)).rejects.toMatchObject(refusal('format'));
	});

	test.each(['id', 'secretHash'] as const)('a sheet has no list for an %s', async (member) => {
		const json = JSON.stringify({ v: 1, items: [{ ...entry, [member]: [entry[member]] }] });
		const sealed = await seal(key, sheet, pad(utf8(json), pagesOf(4_096)), randomBytes);
		const place = { account, vault, generation, sheet: object, revision };
		await expect(openSheet(key, place, sealed)).rejects.toMatchObject(refusal('format'));
	});
});

/** Where the fields stand that both manifests have: magic, version, id, generation, seq. */
const PLACES = [
	['magic', 0, 'format', 'not a manifest'],
	['version', 4, 'unsupported', 'manifest of another version'],
	['id', 5, 'integrity', /^manifest of another (account|vault)$/],
	['generation', 21, 'integrity', 'manifest of another generation'],
	['seq', 32, 'integrity', 'manifest of another seq']
] as const;

function message(text: string | RegExp) {
	return typeof text === 'string' ? text : (expect.stringMatching(text) as string);
}

async function changed(place: Bytes, wrapped: Bytes, at: number): Promise<Bytes> {
	const plain = await unwrap(raw, place, wrapped);
	plain[at] = (plain[at] ?? 0) ^ 8;
	return wrap(raw, place, plain, randomBytes);
}

describe('an account manifest that says inside', () => {
	const slot = { createdMs: 0, authPublicKey: filled(8, 32), wrapHash: filled(9, 32) };
	const manifest = {
		...{ account, generation, seq: revision, prev: filled(6, 32), minSuite: 1, minProfile: 1 },
		...{ unixMs: 0, device: id(7), settingsHash: undefined, vaults: [] },
		slots: [
			{ ...slot, id: id(8), kind: 1, profile: 1 },
			{ ...slot, id: id(9), kind: 2, profile: 0 }
		]
	};
	const place = context({ purpose: PURPOSE.accountManifest, generation, account, revision });

	test.each(PLACES)('another %s is refused', async (_field, at, code, text) => {
		const sealed = await sealAccountManifest(raw, manifest, randomBytes);
		const opened = openAccountManifest(raw, manifest, await changed(place, sealed, at));
		await expect(opened).rejects.toMatchObject({ code, message: message(text) });
	});
});

describe('a vault manifest that says inside', () => {
	const manifest = {
		...{ vault, generation, seq: revision, prev: filled(6, 32), unixMs: 0, device: id(7) },
		...{ itemCount: 0, sheets: [] }
	};
	const place = context({
		...{ purpose: PURPOSE.vaultManifest, generation, account },
		...{ scope: vault, revision }
	});

	test.each(PLACES)('another %s is refused', async (_field, at, code, text) => {
		const sealed = await sealVaultManifest(raw, account, manifest, randomBytes);
		const opened = openVaultManifest(raw, account, manifest, await changed(place, sealed, at));
		await expect(opened).rejects.toMatchObject({ code, message: message(text) });
	});
});

test('a vault key that says inside that it is of another generation is refused', async () => {
	const where = { account, vault, accountGeneration: 2, generation };
	const place = context({
		...{ purpose: PURPOSE.vaultKeyWrap, generation: 2, account },
		...{ scope: vault, revision: generation }
	});
	const vaultKey = filled(8, 32);
	const wrapped = await wrapVaultKey({ ...where, key: raw, vaultKey, random: randomBytes });
	const forged = await changed(place, wrapped, 3);
	await expect(unwrapVaultKey({ ...where, key: raw, wrapped: forged })).rejects.toMatchObject(
		refusal('integrity')
	);
});
