/**
 * Puts a backup in the place of the database. Everything that can be wrong with it is found before
 * anything is moved: it opens, it is whole, this version knows it, and ENCRYPTION_KEYS are its keys.
 */
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { runAside } from '#lib/server/db/aside.ts';
import { databasePath, openFile } from '#lib/server/db/client.ts';
import { Database } from '#lib/server/db/database.ts';
import { lockProcess } from '#lib/server/db/lock.ts';
import { lastApplied, refuseNewer } from '#lib/server/db/migrate.ts';
import { readEnv, type Env } from '#lib/server/env.ts';
import { admitKeys } from '#lib/server/wrap/encryption-keys.ts';
import { WrapError } from '#lib/server/wrap/wrapper.ts';
import {
	copyFile,
	decrypterUnder,
	decrypterWith,
	decryptFile,
	kindOf,
	type FileKind
} from './age-file.ts';
import { AdminError } from './errors.ts';
import { fillBeside, giveToOwner, syncFolder } from './files.ts';
import { knownPassphrase } from './passphrase.ts';
import { isThere, runningServer } from './reach.ts';
import type { Outcome } from './report.ts';
import type { Surroundings } from './surroundings.ts';
import type { Options } from './words.ts';

/** SQLite keeps these beside a database; those of another one would be written into it. */
const BESIDE = ['-wal', '-shm', '-journal'];

export async function restore(
	surroundings: Surroundings,
	operand: string,
	options: Options
): Promise<Outcome> {
	const file = resolve(operand);
	const kind = await kindOf(file);
	refuseOptions(kind, options);
	const env = readEnv(surroundings.environment);
	const path = databasePath(env.databaseUrl);
	if (path === undefined) {
		throw new AdminError('failed', 'The database is on a libSQL server: restore it there.');
	}
	const running = await runningServer(surroundings);
	if (running !== undefined) {
		running.destroy();
		throw new AdminError('failed', 'A server runs on that data: stop it first.');
	}
	if (isThere(path) && !options.replace) {
		throw new AdminError(
			'failed',
			`There is a database at ${path}. With --replace it is kept aside, and the backup takes its place.`
		);
	}
	const write = await writerOf(surroundings, kind, file, options);
	const replaced = await underLock(env, path, () => exchange(env, path, write));
	return {
		json: { database: path, ...(replaced === undefined ? {} : { replaced }) },
		lines: [
			`${path} is the backup now.`,
			...(replaced === undefined ? [] : [`The database that was there is ${replaced}.`]),
			'Start the server. Devices that saw more than the backup holds stop and explain it: that is meant to be.'
		]
	};
}

function refuseOptions(kind: FileKind, { identity, passphraseFile }: Options): void {
	const wrong = {
		plain: identity ?? passphraseFile,
		passphrase: identity,
		identity: passphraseFile
	}[kind];
	const way = {
		plain: 'is not encrypted: it needs neither --identity nor --passphrase-file.',
		passphrase: 'is under a passphrase: no --identity opens it.',
		identity: 'is for a recipient: no passphrase opens it. Use --identity.'
	}[kind];
	if (wrong !== undefined) throw new AdminError('input', `The backup ${way}`);
	if (kind === 'identity' && identity === undefined) {
		throw new AdminError('input', `The backup ${way}`);
	}
}

/** What fills a file with the database that the backup holds. */
async function writerOf(
	surroundings: Surroundings,
	kind: FileKind,
	backup: string,
	options: Options
): Promise<(to: FileHandle) => Promise<void>> {
	const decrypter =
		kind === 'plain'
			? undefined
			: kind === 'identity'
				? decrypterWith(options.identity ?? '')
				: decrypterUnder(await knownPassphrase(surroundings, options));
	return async (to) => {
		const from = await open(backup);
		try {
			if (decrypter === undefined) await copyFile(from, to);
			else await decryptFile(decrypter, from, to);
		} finally {
			await from.close();
		}
	};
}

/** Taking the lock makes an empty file where there is none: it goes again if nothing came of it. */
async function underLock<T>(env: Env, path: string, work: () => Promise<T>): Promise<T> {
	const lock = await lockProcess(env.databaseUrl);
	try {
		return await work();
	} finally {
		if (existsSync(path) && !isThere(path)) rmSync(path);
		lock.release();
	}
}

/** @returns where the database that was there is now. */
async function exchange(
	env: Env,
	path: string,
	write: (to: FileHandle) => Promise<void>
): Promise<string | undefined> {
	const there = isThere(path);
	if (there) await settle(path);
	const part = await fillBeside(path, '.restoring', write);
	try {
		await examine(env, part);
		const aside = `${path}.replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
		if (there) keep(path, aside);
		for (const ending of BESIDE) {
			if (existsSync(path + ending)) renameSync(path + ending, aside + ending);
		}
		giveToOwner(part, dirname(path));
		renameSync(part, path);
		await syncFolder(path);
		return there ? aside : undefined;
	} finally {
		for (const ending of ['', ...BESIDE]) rmSync(part + ending, { force: true });
	}
}

/** It has both names until the backup takes its place: at no moment is there no database. */
function keep(path: string, aside: string): void {
	try {
		linkSync(path, aside);
	} catch {
		// Some disks know no links.
		renameSync(path, aside);
	}
}

/**
 * Brings what stands in its log into the database that is to be kept aside, if it can be opened at
 * all: a broken one is why backups are restored.
 *
 * @throws {StartError} if a newer version made it.
 */
async function settle(path: string): Promise<void> {
	let last: number | undefined;
	try {
		await runAside(path, 'PRAGMA wal_checkpoint(TRUNCATE)');
		last = await lastApplied((sql) => runAside(path, sql));
	} catch {
		return;
	}
	refuseNewer(last);
}

/** @throws {AdminError} `input`; {StartError} for a newer version, or other keys. */
async function examine(env: Env, part: string): Promise<void> {
	if (!(await isWhole(part))) throw new AdminError('input', 'The backup holds a damaged database.');
	const last = await lastApplied((sql) => runAside(part, sql));
	if (last === undefined) throw new AdminError('input', 'The backup is not one of Keyhold.');
	refuseNewer(last);
	// In the mode of a copied server's file a log would be left beside it.
	await runAside(part, 'PRAGMA journal_mode = DELETE');
	const database = new Database(openFile(part, 0), () => undefined);
	try {
		await admitKeys(database, env.encryptionKeys, Date.now());
	} catch (error) {
		if (!(error instanceof WrapError)) throw error;
		throw new AdminError('input', 'The backup was changed: one of its values does not open.');
	} finally {
		await database.close();
	}
}

async function isWhole(path: string): Promise<boolean> {
	try {
		const [row] = await runAside(path, 'PRAGMA integrity_check');
		return row?.[0] === 'ok';
	} catch {
		return false;
	}
}
