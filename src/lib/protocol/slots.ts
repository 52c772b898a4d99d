/**
 * Key slots: the ways into an account. A slot's root gives two things, a key that *opens* (it
 * wraps the account key) and a seed that *proves* (it signs). Norm: docs/protocol.md, 3.
 */
import { KDF_PROFILES } from '#lib/crypto/kdf.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { hkdf } from '#lib/crypto/hkdf.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { Writer } from '#lib/encoding/binary.ts';
import { concat, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { label } from '#lib/encoding/label.ts';
import { orFormat, ProtocolError } from '#lib/protocol/errors.ts';

/** 4 is reserved: a password and a second secret together. */
export const SLOT_KIND = { password: 1, recovery: 2, passkey: 3 } as const;

interface SlotKeys {
	/** Wraps the account key. The holder wipes it after use. */
	readonly kek: Bytes;
	/** Of the Ed25519 key that proves; unused for a passkey, which proves by itself. Wiped likewise. */
	readonly seed: Bytes;
}

/**
 * The salt of the password's Argon2id. It holds the email, so that a server cannot hand one salt
 * to everyone and guess against all at the price of one.
 *
 * @param email as `normaliseEmail` returned it.
 * @throws {CryptoError} `kdf-refused` for a profile that is not in the table.
 */
export async function passwordSalt(profile: number, email: string, salt: Bytes): Promise<Bytes> {
	checkProfile(profile);
	checkSize(salt, 16, 'salt');
	const address = orFormat(() => new Writer().prefixed(utf8(email)).done());
	return sha256(label('kdf-salt'), new Uint8Array([0, profile]), address, salt);
}

/** The root of a recovery kit's slot. */
export async function recoveryRoot(kit: Bytes): Promise<Bytes> {
	checkSize(kit, 20, 'recovery secret');
	return hkdf(kit, label('recovery/root'));
}

/** 16 bytes that let a server find the account of a kit without an email. */
export async function recoveryLocator(kit: Bytes): Promise<Bytes> {
	checkSize(kit, 20, 'recovery secret');
	return hkdf(kit, label('recovery/locator'), 16);
}

/** The constant that a passkey's PRF is evaluated on; its 32-byte answer is the root. */
export async function passkeyInput(): Promise<Bytes> {
	return sha256(label('passkey/prf'));
}

/** @throws {ProtocolError} `unsupported` for a kind that is reserved or unknown. */
export async function slotKeys(root: Bytes, kind: number): Promise<SlotKeys> {
	checkKind(kind);
	checkSize(root, 32, 'root');
	const suffix = new Uint8Array([0, kind]);
	const [kek, seed] = await Promise.all([
		hkdf(root, concat(label('slot/kek'), suffix)),
		hkdf(root, concat(label('slot/auth'), suffix))
	]);
	return { kek, seed };
}

/** 16 bytes of the context that tie a password's wrap to its profile and salt. */
export async function passwordDescriptor(profile: number, salt: Bytes): Promise<Bytes> {
	checkProfile(profile);
	checkSize(salt, 16, 'salt');
	return descriptor(new Uint8Array([SLOT_KIND.password, profile]), salt);
}

export async function recoveryDescriptor(): Promise<Bytes> {
	return descriptor(new Uint8Array([SLOT_KIND.recovery]));
}

/**
 * @param credentialId as the authenticator returned it.
 * @param rpId the host name of the client's own origin. Neither may come from a server.
 */
export async function passkeyDescriptor(credentialId: Bytes, rpId: string): Promise<Bytes> {
	return descriptor(
		orFormat(() =>
			new Writer().u8(SLOT_KIND.passkey).prefixed(credentialId).prefixed(utf8(rpId)).done()
		)
	);
}

/** @throws {ProtocolError} `unsupported` */
export function checkKind(kind: number): void {
	if (!Object.values<number>(SLOT_KIND).includes(kind)) {
		throw new ProtocolError('unsupported', 'slot kind is reserved or unknown');
	}
}

async function descriptor(...parts: readonly Bytes[]): Promise<Bytes> {
	return (await sha256(...parts)).slice(0, 16);
}

function checkProfile(profile: number): void {
	if (!KDF_PROFILES.has(profile)) throw new CryptoError('kdf-refused', 'unknown KDF profile');
}

function checkSize(bytes: Bytes, length: number, name: string): void {
	if (bytes.length !== length) throw new ProtocolError('format', `${name} of another size`);
}
