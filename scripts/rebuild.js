/**
 * Builds once more, in another folder with another name, and compares the two byte by byte: what a
 * release delivers can only be checked by others if their build of it is the same.
 *
 * The packages are linked there file by file, since a link to their folder would lead back here.
 */
import { spawnSync } from 'node:child_process';
import {
	copyFileSync,
	cpSync,
	linkSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { INPUTS, OUTPUTS } from './build.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const MAX_SHOWN = 40;

const folder = mkdtempSync(join(tmpdir(), 'keyhold-rebuild-'));
try {
	process.exitCode = rebuild(join(folder, 'another name'));
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** @param {string} there */
function rebuild(there) {
	for (const name of INPUTS) cpSync(join(root, name), join(there, name), { recursive: true });
	for (const name of OUTPUTS) rmSync(join(there, name), { recursive: true, force: true });
	linkFiles(join(root, 'node_modules'), join(there, 'node_modules'));
	const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.js'], {
		cwd: there,
		env: { ...process.env, TZ: 'Asia/Kathmandu', LC_ALL: 'C' },
		encoding: 'utf8'
	});
	if (status !== 0) {
		process.stdout.write(`The second build failed.\n${stdout}\n${stderr}\n`);
		return 1;
	}
	const differences = compare(join(root, 'build'), join(there, 'build'));
	for (const name of differences.slice(0, MAX_SHOWN)) process.stdout.write(`DIFFERS ${name}\n`);
	const outcome = differences.length === 0 ? 'the same' : `${differences.length} files differ`;
	process.stdout.write(`Built again in ${there}: ${outcome}.\n`);
	return differences.length === 0 ? 0 : 1;
}

/**
 * @param {string} from
 * @param {string} to
 */
function linkFiles(from, to) {
	mkdirSync(to, { recursive: true });
	for (const entry of readdirSync(from, { withFileTypes: true })) {
		const [source, target] = [join(from, entry.name), join(to, entry.name)];
		if (entry.isDirectory()) linkFiles(source, target);
		else if (entry.isFile()) linkFile(source, target);
	}
}

/**
 * @param {string} source
 * @param {string} target
 */
function linkFile(source, target) {
	try {
		linkSync(source, target);
	} catch {
		// On another disk, or where links are not allowed.
		copyFileSync(source, target);
	}
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {string[]} Names of files that are not in both, or not the same.
 */
function compare(one, other) {
	const [here, there] = [filesIn(one), filesIn(other)];
	return [...new Set([...here, ...there])]
		.sort()
		.filter(
			(name) =>
				!here.has(name) ||
				!there.has(name) ||
				!readFileSync(join(one, name)).equals(readFileSync(join(other, name)))
		);
}

/** @param {string} folder */
function filesIn(folder) {
	const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
	return new Set(
		entries
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
	);
}
