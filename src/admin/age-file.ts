/**
 * Backup files: the format age-encryption.org/v1, which the standard `age` program reads and writes,
 * under a passphrase or for recipients. They are read and written as they go, whatever their size.
 */
import { readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Decrypter, Encrypter } from 'age-encryption';
import { AdminError } from './errors.ts';

const CHUNK_BYTES = 256 * 1024;
/** All that comes before what is encrypted; a header for a hundred recipients is 11 KB. */
const HEADER_BYTES = 64 * 1024;
const SQLITE_MAGIC = 'SQLite format 3\0';
const AGE_MAGIC = 'age-encryption.org/v1\n';
/** `age` writes 18. Beyond 20, which is 1 GiB of memory, a hostile file could take any amount. */
const WORK_FACTOR_MAX = 20;
/** The library's words for a file key that did not open. */
const NO_MATCH = 'no identity matched';

/** What a file needs to be opened; `plain` is a database that is not encrypted. */
export type FileKind = 'passphrase' | 'identity' | 'plain';

/** @throws {AdminError} `input` if it is no backup, or one that would take too much work. */
export async function kindOf(path: string): Promise<FileKind> {
	const head = await readHead(path);
	if (head.startsWith(SQLITE_MAGIC)) return 'plain';
	if (!head.startsWith(AGE_MAGIC)) throw new AdminError('input', `${path} is no backup.`);
	const stanza = /^-> scrypt \S+ (\d+)$/m.exec(head.slice(0, head.indexOf('\n---')));
	if (stanza === null) return 'identity';
	if (Number(stanza[1]) <= WORK_FACTOR_MAX) return 'passphrase';
	throw new AdminError('input', `${path} takes more memory to open than is good.`);
}

/** @throws {AdminError} `input` for what is no recipient. */
export function encrypterFor(recipients: readonly string[]): Encrypter {
	const encrypter = new Encrypter();
	for (const recipient of recipients) {
		try {
			encrypter.addRecipient(recipient);
		} catch {
			throw new AdminError('input', `“${recipient}” is no recipient: one begins with age1.`);
		}
	}
	return encrypter;
}

export function encrypterUnder(passphrase: string): Encrypter {
	const encrypter = new Encrypter();
	encrypter.setPassphrase(passphrase);
	return encrypter;
}

/** @throws {AdminError} `input` if the file holds no identity. */
export function decrypterWith(identityFile: string): Decrypter {
	const decrypter = new Decrypter();
	const identities = readText(identityFile)
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '' && !line.startsWith('#'));
	try {
		for (const identity of identities) decrypter.addIdentity(identity);
	} catch {
		identities.length = 0;
	}
	if (identities.length > 0) return decrypter;
	throw new AdminError('input', `${identityFile} holds no identity: AGE-SECRET-KEY-1…`);
}

export function decrypterUnder(passphrase: string): Decrypter {
	const decrypter = new Decrypter();
	decrypter.addPassphrase(passphrase);
	return decrypter;
}

export async function encryptFile(
	encrypter: Encrypter,
	from: FileHandle,
	to: FileHandle
): Promise<void> {
	await pour(await encrypter.encrypt(streamOf(from)), to);
}

/** @throws {AdminError} `input` if it does not open, or was cut or changed. */
export async function decryptFile(
	decrypter: Decrypter,
	from: FileHandle,
	to: FileHandle
): Promise<void> {
	try {
		await pour(await decrypter.decrypt(streamOf(from)), to);
	} catch (error) {
		// Of the disk, not of the file's content.
		if (error instanceof Error && 'code' in error) throw error;
		const unmatched = error instanceof Error && error.message.startsWith(NO_MATCH);
		throw new AdminError(
			'input',
			unmatched
				? 'The backup does not open: the passphrase or the identity is another one.'
				: 'The backup was cut or changed.'
		);
	}
}

export async function copyFile(from: FileHandle, to: FileHandle): Promise<void> {
	await pour(streamOf(from), to);
}

/** @throws {AdminError} `input` if it cannot be read. */
export function readText(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		throw new AdminError('input', `Cannot read ${path}.`);
	}
}

async function readHead(path: string): Promise<string> {
	let file: FileHandle | undefined;
	try {
		file = await open(path);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES));
		return buffer.toString('latin1', 0, bytesRead);
	} catch {
		throw new AdminError('input', `Cannot read ${path}.`);
	} finally {
		await file?.close();
	}
}

function streamOf(file: FileHandle): ReadableStream<Uint8Array> {
	return new ReadableStream({
		async pull(controller) {
			const { buffer, bytesRead } = await file.read(new Uint8Array(CHUNK_BYTES));
			if (bytesRead === 0) controller.close();
			else controller.enqueue(buffer.subarray(0, bytesRead));
		}
	});
}

async function pour(stream: ReadableStream<Uint8Array>, to: FileHandle): Promise<void> {
	const reader = stream.getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		await to.appendFile(value);
	}
}
