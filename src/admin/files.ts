/** Files that have their name only once they are whole and on the disk. */
import { chownSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AdminError } from './errors.ts';

const PRIVATE_FILE = 0o600;

/**
 * Has `write` fill a new file beside `path`, for this user only. It is gone if that fails.
 *
 * @returns the new file's name, for it to be moved.
 */
export async function fillBeside(
	path: string,
	ending: string,
	write: (file: FileHandle) => Promise<void>
): Promise<string> {
	const part = `${path}${ending}`;
	// Of one that was killed.
	rmSync(part, { force: true });
	const file = await openNew(part);
	try {
		await write(file);
		await file.sync();
	} catch (error) {
		rmSync(part, { force: true });
		throw error;
	} finally {
		await file.close();
	}
	return part;
}

/** Gives a file its name, unless another has it. @throws {AdminError} `input` */
export async function nameNew(part: string, path: string): Promise<void> {
	try {
		// Unlike a rename this never replaces another file.
		linkSync(part, path);
		rmSync(part);
	} catch (error) {
		// Some disks know no links.
		if (existsSync(path) || codeOf(error) === 'EEXIST') {
			rmSync(part, { force: true });
			throw isThereAlready(path);
		}
		renameSync(part, path);
	}
	await syncFolder(path);
}

/** Root may do this for the server's user, who must be able to write the file afterwards. */
export function giveToOwner(path: string, folder: string): void {
	const { uid, gid } = statSync(folder);
	if (process.getuid?.() === 0) chownSync(path, uid, gid);
}

/** Makes what was named, moved or removed beside `path` last. */
export async function syncFolder(path: string): Promise<void> {
	const folder = await open(dirname(path));
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}

export function isThereAlready(path: string): AdminError {
	return new AdminError('input', `${path} is there already: it is left as it is.`);
}

export function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function openNew(path: string): Promise<FileHandle> {
	try {
		return await open(path, 'wx', PRIVATE_FILE);
	} catch (error) {
		throw new AdminError('input', `Cannot write ${path} (${codeOf(error)}).`);
	}
}
