/**
 * The backup as a file under a passphrase or for recipients, in the format age-encryption.org/v1: the
 * standard `age` program opens it, so nobody needs Keyhold to get at their keys.
 *
 * The passphrase goes into scrypt, N = 2^work, r = 8, p = 1: 128 * 8 * N bytes of memory. It is one
 * call that cannot be watched or interrupted: run it in a worker that can be ended.
 */
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { isRecipient } from '#lib/backup/recipient.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

/** What `age` uses: 256 MiB, about a second. */
export const WORK_FACTOR = 18;
/** 1 GiB. Beyond this a hostile file could hold a device for hours; `age` itself writes 18. */
export const WORK_FACTOR_MAX = 20;
/** A full account with 20,000 keys of 1 KiB is half of it. */
export const FILE_BYTES_MAX = 50 * 1024 * 1024;

/** Who opens the file: whoever knows the passphrase, or has the identity of one of the recipients. */
export type SealTo =
	{ readonly passphrase: string } | { readonly recipients: readonly [string, ...string[]] };

/**
 * `not-age`: not an age file, or of a kind that is not read.   `damaged`: cut or changed.
 * `age-recipient`: no `age1…` of `age-keygen`.   `age-identity`: no `AGE-SECRET-KEY-1…` of it.
 * `too-much-work`: a work factor above {@link WORK_FACTOR_MAX}.
 * `file-too-large`: above {@link FILE_BYTES_MAX}.
 */
export type AgeErrorCode =
	'not-age' | 'damaged' | 'too-much-work' | 'file-too-large' | 'age-recipient' | 'age-identity';

export class AgeError extends Error {
	override readonly name = 'AgeError';
	constructor(
		readonly code: AgeErrorCode,
		message: string
	) {
		super(message);
	}
}

/**
 * A file changed in its first lines answers `wrong-passphrase` too: that is where scrypt's salt is.
 * The answer to an identity of somebody else is the same.
 */
export type Decrypted =
	| { readonly outcome: 'decrypted'; readonly plain: Bytes }
	| { readonly outcome: 'wrong-passphrase' };

const VERSION_LINE = 'age-encryption.org/v1\n';
const ARMOR_LINE = '-----BEGIN AGE ENCRYPTED FILE-----';
/** `-> scrypt`, salt of 16 bytes, work factor; the only stanza a file under a passphrase may have. */
const SCRYPT_STANZA = /^-> scrypt [A-Za-z0-9+/]{22} ([1-9]\d{0,3})\n/;
/** A recipient's, of which there may be several. */
const RECIPIENT_STANZA = /^-> X25519 [A-Za-z0-9+/]{43}\n/;
/** As `age-keygen` writes it; pasted with its line of comments or without. */
const IDENTITY = /AGE-SECRET-KEY-1[0-9A-Z]{58}/i;
/** Version and stanza take 60 bytes; the rest of the header is not looked at here. */
const HEAD_BYTES = 128;
/** The library's words for a file key that did not open. */
const NO_MATCH = 'no identity matched';

/**
 * Encrypts to `to`; a passphrase is taken as it is typed, as `age` does.
 *
 * @throws {AgeError} `file-too-large` if the file could not be read again; `age-recipient`
 * @throws {RangeError} if the memory for scrypt is not to be had
 */
export async function encryptBackup(
	plain: Uint8Array,
	to: SealTo,
	workFactor = WORK_FACTOR
): Promise<Bytes> {
	const encrypter = new Encrypter();
	if ('passphrase' in to) {
		encrypter.setPassphrase(to.passphrase);
		encrypter.setScryptWorkFactor(workFactor);
	} else for (const recipient of to.recipients) addRecipient(encrypter, recipient);
	if (plain.length > FILE_BYTES_MAX - 1024 * 1024) {
		throw new AgeError('file-too-large', 'more than a backup may hold');
	}
	return new Uint8Array(await encrypter.encrypt(plain));
}

/** Whether what was typed to open a file is an identity, and no passphrase. */
export function isIdentity(secret: string): boolean {
	return IDENTITY.test(secret);
}

/**
 * Decrypts a file of `age` or of {@link encryptBackup}, binary or armored. Size and work factor are
 * refused before any work.
 *
 * @param secret the passphrase, or an identity
 * @throws {AgeError}
 * @throws {RangeError} if the memory for scrypt is not to be had
 */
export async function decryptBackup(file: Uint8Array, secret: string): Promise<Decrypted> {
	if (file.length > FILE_BYTES_MAX) throw new AgeError('file-too-large', 'file is too large');
	const binary = unarmored(file);
	const decrypter = new Decrypter();
	if (isForRecipients(binary)) {
		if (!isIdentity(secret)) throw new AgeError('age-identity', 'sealed for recipients');
		addIdentity(decrypter, secret);
	} else {
		if (workFactorOf(binary) > WORK_FACTOR_MAX) {
			throw new AgeError('too-much-work', 'work factor is above what is taken');
		}
		decrypter.addPassphrase(secret);
	}
	try {
		const plain = await decrypter.decrypt(binary);
		return { outcome: 'decrypted', plain: new Uint8Array(plain) };
	} catch (error) {
		if (error instanceof RangeError) throw error;
		if (error instanceof Error && error.message.startsWith(NO_MATCH)) {
			return { outcome: 'wrong-passphrase' };
		}
		throw new AgeError('damaged', 'file was cut or changed');
	}
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
	if (!isRecipient(recipient)) throw new AgeError('age-recipient', 'no recipient');
	try {
		encrypter.addRecipient(recipient);
	} catch {
		throw new AgeError('age-recipient', 'recipient with a slip');
	}
}

function addIdentity(decrypter: Decrypter, secret: string): void {
	const identity = IDENTITY.exec(secret)?.[0] ?? '';
	try {
		decrypter.addIdentity(identity.toUpperCase());
	} catch {
		throw new AgeError('age-identity', 'identity with a slip');
	}
}

function isForRecipients(file: Uint8Array): boolean {
	const head = latin1(file.subarray(0, HEAD_BYTES));
	return head.startsWith(VERSION_LINE) && RECIPIENT_STANZA.test(head.slice(VERSION_LINE.length));
}

function workFactorOf(file: Uint8Array): number {
	const head = latin1(file.subarray(0, HEAD_BYTES));
	if (!head.startsWith(VERSION_LINE)) throw new AgeError('not-age', 'no age file');
	const workFactor = SCRYPT_STANZA.exec(head.slice(VERSION_LINE.length))?.[1];
	if (workFactor === undefined) throw new AgeError('not-age', 'not under a passphrase');
	return Number(workFactor);
}

function unarmored(file: Uint8Array): Uint8Array {
	const text = file.subarray(hasMark(file) ? 3 : 0);
	if (!latin1(text.subarray(0, HEAD_BYTES)).trimStart().startsWith(ARMOR_LINE)) return file;
	try {
		return armor.decode(latin1(text));
	} catch {
		throw new AgeError('damaged', 'armor was cut or changed');
	}
}

/** The byte order mark of UTF-8, which an editor puts before armor. */
function hasMark([first, second, third]: Uint8Array): boolean {
	return first === 0xef && second === 0xbb && third === 0xbf;
}

function latin1(bytes: Uint8Array): string {
	return new TextDecoder('latin1').decode(bytes);
}
