/** An encrypted copy of the database, while the server runs or not. */
import { existsSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Encrypter } from 'age-encryption';
import { encrypterFor, encrypterUnder, encryptFile } from './age-file.ts';
import { AdminError } from './errors.ts';
import { fillBeside, isThereAlready, nameNew } from './files.ts';
import { newPassphrase } from './passphrase.ts';
import { ask } from './reach.ts';
import { sizeText, type Outcome } from './report.ts';
import type { Surroundings } from './surroundings.ts';
import type { Options } from './words.ts';

export async function backUp(
	surroundings: Surroundings,
	operand: string,
	options: Options
): Promise<Outcome> {
	const path = resolve(operand);
	if (existsSync(path)) throw isThereAlready(path);
	const encrypter = await encrypterOf(surroundings, options);
	const bytes = await takeCopy(surroundings, async (copy) => {
		const part = await fillBeside(path, '.part', async (file) => {
			await encryptFile(encrypter, copy, file);
		});
		await nameNew(part, path);
	});
	return {
		json: { file: path, databaseBytes: bytes },
		lines: [
			`${path} holds everything that was acknowledged until now (${sizeText(bytes)} of database).`,
			'Keep ENCRYPTION_KEYS, or secrets.env, apart from it: both are needed to restore.'
		]
	};
}

async function encrypterOf(surroundings: Surroundings, options: Options): Promise<Encrypter> {
	const { recipients, passphraseFile } = options;
	if (recipients.length === 0) return encrypterUnder(await newPassphrase(surroundings, options));
	if (passphraseFile === undefined) return encrypterFor(recipients);
	throw new AdminError(
		'input',
		'Either --recipient or --passphrase-file: a backup has one way in.'
	);
}

/** @returns how large it is. */
async function takeCopy(
	surroundings: Surroundings,
	use: (copy: FileHandle) => Promise<void>
): Promise<number> {
	const { copy, bytes } = await openCopy(surroundings);
	try {
		await use(copy);
		return bytes;
	} finally {
		await copy.close();
	}
}

/** Once it is open it loses its name: then nothing stays of it, however this process ends. */
async function openCopy(surroundings: Surroundings): Promise<{ copy: FileHandle; bytes: number }> {
	for await (const event of ask(surroundings, { command: 'backup' })) {
		if (event.event !== 'copy') continue;
		const copy = await open(event.path);
		rmSync(event.path, { force: true });
		return { copy, bytes: event.bytes };
	}
	throw new AdminError('failed', 'The server made no copy.');
}
