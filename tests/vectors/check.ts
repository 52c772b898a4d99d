/**
 * Compares this product with the known answers of `v1.json`, both ways: what it writes is what was
 * published, what was published opens, what must be refused is refused with its code.
 *
 * A plain module, because Node and the browser run the same one.
 */
import { sha256 } from '#lib/crypto/hash.ts';
import { hkdf } from '#lib/crypto/hkdf.ts';
import { pad, padme } from '#lib/crypto/padding.ts';
import { seal } from '#lib/crypto/seal.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { EncodingError, fromHex, hex, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { label } from '#lib/encoding/label.ts';
import { actionHash, challengeMessage } from '#lib/protocol/challenge.ts';
import { head } from '#lib/protocol/chain.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { normaliseEmail } from '#lib/protocol/email.ts';
import { fingerprint } from '#lib/protocol/fingerprint.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import { passwordBytes } from '#lib/protocol/password.ts';
import { readKit, writeKit } from '#lib/protocol/recovery-kit.ts';
import { passkeyDescriptor, passkeyInput, recoveryLocator, slotKeys } from '#lib/protocol/slots.ts';
import { openersOf, outcomeOf, plainsOf } from './openers.ts';
import { makeWorld, type Vectors, type World } from './world.ts';

interface Check {
	readonly name: string;
	readonly ok: boolean;
}

/** Every known answer as one check. Never throws for a wrong one. */
export async function checkVectors(vectors: Vectors): Promise<Check[]> {
	const world = await makeWorld(vectors);
	return [
		...compared('published', vectors.published, await published(vectors, world)),
		...compared('further', vectors.further, await further(vectors, world)),
		...(await records(vectors, world)),
		...(await refused(vectors, world)),
		...(await accepted(vectors, world)),
		...spelled(),
		...typed(vectors),
		...(await kits(vectors))
	];
}

/** What section 13 publishes. */
async function published({ inputs }: Vectors, world: World): Promise<Record<string, unknown>> {
	const { records, passwordPlace, keys, signing } = world;
	const digest = async (name: keyof typeof records) => sha256(records[name]);
	const action = await actionMessage(inputs);
	const login = loginMessage(inputs);
	return {
		kdf_salt: world.kdfSalt,
		root: world.root,
		kek: keys.kek,
		auth_public: signing.publicKey,
		context_slot: context({
			...{ purpose: PURPOSE.slotWrap, generation: 1, account: inputs.account },
			...{ scope: inputs.slot, object: passwordPlace.descriptor, revision: 1 }
		}),
		slot_wrap: records['slot wrap'],
		vault_key_wrap: records['vault key wrap'],
		key_account_manifest: world.account.manifest,
		key_vault_wrap: world.account.vaultWrap,
		key_vault_sheets: await derivedFromVault(inputs, 'sheets'),
		key_vault_secrets: await derivedFromVault(inputs, 'secrets'),
		key_vault_manifest: world.vault.manifest,
		secret_blob_bytes: records.secret.length,
		secret_blob_sha256: await digest('secret'),
		sheet_blob_bytes: records.sheet.length,
		sheet_blob_sha256: await digest('sheet'),
		vault_manifest_1_sha256: await digest('vault manifest 1'),
		vault_manifest_2_bytes: records['vault manifest 2'].length,
		vault_manifest_2_sha256: await digest('vault manifest 2'),
		vault_head_1: world.head1,
		vault_head_2: world.head2,
		recovery_slot_wrap_sha256: await digest('recovery slot wrap'),
		passkey_context_descriptor: await passkeyDescriptor(fromHex(inputs.credentialId), inputs.rpId),
		settings_sha256: await digest('settings'),
		account_manifest_1_bytes: records['account manifest 1'].length,
		account_manifest_1_sha256: await digest('account manifest 1'),
		auth_message_sha256: await sha256(login),
		auth_signature: await signing.sign(login),
		action_message_sha256: await sha256(action),
		action_signature: await signing.sign(action),
		recovery_kit: await writeKit(fromHex(inputs.r20)),
		recovery_root: world.recovery,
		recovery_locator: await recoveryLocator(fromHex(inputs.r20)),
		recovery_auth_public: world.recoverySigning.publicKey
	};
}

/** Answers that section 13 does not list. */
async function further({ inputs }: Vectors, world: World): Promise<Record<string, unknown>> {
	const { method, path, body } = inputs.action;
	const noteContext = context({
		...{ purpose: PURPOSE.note, generation: 1, account: inputs.account },
		...{ scope: inputs.vault, object: inputs.note, revision: 1 }
	});
	return {
		key_account_settings: world.account.settings,
		key_vault_notes: await derivedFromVault(inputs, 'notes'),
		key_vault_fingerprint: world.vault.fingerprint,
		passkey_prf_input: await passkeyInput(),
		passkey_kek: (await slotKeys(fromHex(inputs.prf), 3)).kek,
		recovery_kek: world.recoveryKeys.kek,
		fingerprint: await fingerprint(world.vault.fingerprint, 'sk_live_51H'),
		action_hash: await actionHash(method, path, utf8(body)),
		auth_message: loginMessage(inputs),
		account_head_1: await head(noHash(), world.records['account manifest 1']),
		note_sealed: await seal(world.vault.notes, noteContext, utf8('note'), world.random)
	};
}

/** Every record as it was published: it is what we write, and it opens. */
async function records(vectors: Vectors, world: World): Promise<Check[]> {
	const openers = openersOf(vectors, world);
	const plains = plainsOf(vectors, world);
	const checks: Check[] = [];
	for (const [name, text] of Object.entries(vectors.records)) {
		const made = Object.entries(world.records).find(([other]) => other === name)?.[1];
		checks.push({ name: `${name} is written`, ok: made !== undefined && same(decode(text), made) });
		const opened = await openers.get(name)?.(decode(text));
		checks.push({
			name: `${name} opens`,
			ok: opened !== undefined && agrees(plains.get(name), opened)
		});
	}
	return checks;
}

async function refused(vectors: Vectors, world: World): Promise<Check[]> {
	const openers = openersOf(vectors, world);
	const checks: Check[] = [];
	for (const { record, name, code, bytes } of vectors.refused) {
		const outcome = await outcomeOf(openers, record, decode(bytes));
		checks.push({ name: `${record}, ${name}: ${code}`, ok: outcome === code });
	}
	return checks;
}

/** Secrets whose JSON is unusual and allowed; an object is written again as it came. */
async function accepted(vectors: Vectors, world: World): Promise<Check[]> {
	const openers = openersOf(vectors, world);
	const checks: Check[] = [];
	for (const { json, bytes } of vectors.acceptedSecrets) {
		const opened = await openers.get('secret')?.(decode(bytes));
		const ok = JSON.stringify(opened) === JSON.stringify(JSON.parse(json));
		checks.push({ name: `secret ${json} opens`, ok });
	}
	return checks;
}

function typed({ emails, refusedEmails, passwords, secretSizes }: Vectors): Check[] {
	const refuses = (text: string) => {
		try {
			normaliseEmail(text);
			return false;
		} catch {
			return true;
		}
	};
	const size = (length: number) =>
		pad(new Uint8Array(length - 4), (l) => Math.max(256, padme(l))).length;
	return [
		...emails.map((row) => ({
			name: `email ${JSON.stringify(row.typed)}`,
			ok: normaliseEmail(row.typed) === row.email
		})),
		...refusedEmails.map((text) => ({
			name: `email ${JSON.stringify(text)} is refused`,
			ok: refuses(text)
		})),
		...passwords.map((row) => ({
			name: `password ${JSON.stringify(row.typed)}`,
			ok: same(row.bytes, passwordBytes(row.typed))
		})),
		...secretSizes.map(([length = 0, padded]) => ({
			name: `padded size of ${length}`,
			ok: size(length) === padded
		}))
	];
}

/** Each engine has a base64url of its own, which takes more than one text for the same bytes. */
function spelled(): Check[] {
	const canonical = ['', 'Zg', 'Zm8', 'Zm9v', '-_-_', 'A'.repeat(10)];
	const others = ['A', 'AAAAA', 'Zh', 'Zm9', 'Zg==', 'Z g', ' Zg', '+A', '/A', 'Zg\n', 'Zgé', '\0'];
	return [
		...canonical.map((text) => ({
			name: `base64url ${JSON.stringify(text)} is written as it was read`,
			ok: encode(decode(text)) === text
		})),
		...others.map((text) => ({
			name: `base64url ${JSON.stringify(text)} is refused`,
			ok: isRefused(() => decode(text))
		}))
	];
}

function isRefused(read: () => unknown): boolean {
	try {
		read();
		return false;
	} catch (error) {
		return error instanceof EncodingError;
	}
}

async function kits(vectors: Vectors): Promise<Check[]> {
	const checks: Check[] = [];
	for (const { r20, kit } of vectors.kits) {
		checks.push({ name: `kit ${kit} is written`, ok: (await writeKit(fromHex(r20))) === kit });
		const read = await readKit(kit);
		checks.push({ name: `kit ${kit} is read`, ok: 'r20' in read && same(r20, read.r20) });
	}
	return checks;
}

/** Sealing keys cannot be read out of the product, so they are derived once more. */
async function derivedFromVault(inputs: Vectors['inputs'], name: string): Promise<Bytes> {
	return hkdf(fromHex(inputs.vaultKey), label(`vault/${name}`));
}

function loginMessage(inputs: Vectors['inputs']): Bytes {
	return challengeMessage({ ...proof(inputs), purpose: 1 });
}

async function actionMessage(inputs: Vectors['inputs']): Promise<Bytes> {
	const { purpose, method, path, body } = inputs.action;
	const hash = await actionHash(method, path, utf8(body));
	return challengeMessage({ ...proof(inputs), purpose, actionHash: hash });
}

function proof(inputs: Vectors['inputs']) {
	const { account, slot, expiresAtMs, origin } = inputs;
	return { account, slot, challenge: fromHex(inputs.challenge), expiresAtMs, origin };
}

/** One check for each expected answer. */
function compared(
	group: string,
	expected: Record<string, unknown>,
	made: Record<string, unknown>
): Check[] {
	return Object.entries(expected).map(([name, value]) => ({
		name: `${group} ${name}`,
		ok: same(value, made[name])
	}));
}

/** Whether `opened` has every member of `plain` with its value. */
function agrees(plain: object | undefined, opened: object): boolean {
	if (plain === undefined) return false;
	if (plain instanceof Uint8Array) return same(plain, opened);
	return Object.entries(plain).every(([name, value]) => {
		const found = Object.entries(opened).find(([other]) => other === name)?.[1] as unknown;
		if (value instanceof Uint8Array) return same(value, found);
		return JSON.stringify(value) === JSON.stringify(found);
	});
}

function same(expected: unknown, made: unknown): boolean {
	const text = (value: unknown) => (value instanceof Uint8Array ? hex(value) : value);
	return text(expected) === text(made);
}
