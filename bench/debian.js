/**
 * Other people's programs, from Debian, without installing anything: what is not there is downloaded
 * with what it needs, and unpacked beside the packages of npm.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const cache = fileURLToPath(new URL('../node_modules/.cache/keyhold-bench', import.meta.url));
/** For a mirror that does not answer. */
const GIVES_UP_AFTER_MS = 120_000;

/**
 * @param {string} name Of a package; the folder it is unpacked into is called so.
 * @param {string} program
 * @returns {NodeJS.ProcessEnv | undefined} Surroundings in which the program is found; none without it.
 */
export function withProgram(name, program) {
	/** @type {NodeJS.ProcessEnv} */
	const here = { ...process.env, QT_QPA_PLATFORM: 'offscreen' };
	if (isThere(program, here)) return here;
	const folder = join(cache, name);
	if (!existsSync(folder) && !unpack(name, folder)) return undefined;
	const libraries = ['usr/lib', `usr/lib/${tripletIn(folder)}`].map((path) => join(folder, path));
	const env = {
		...here,
		PATH: [join(folder, 'usr/bin'), here['PATH']].join(delimiter),
		LD_LIBRARY_PATH: libraries.join(delimiter)
	};
	return isThere(program, env) ? env : undefined;
}

/**
 * @param {string} name Of a package whose program was found.
 * @returns {string} Its version, as its own changelog or Debian's list says.
 */
export function debianVersion(name) {
	for (const folder of [join(cache, name), '/']) {
		const log = join(folder, 'usr/share/doc', name, 'changelog.Debian.gz');
		if (!existsSync(log)) continue;
		const version = /\(([^)]+)\)/.exec(gunzipSync(readFileSync(log)).toString('utf8'))?.[1];
		if (version !== undefined) return version;
	}
	return output('dpkg-query', ['-W', '-f', '${Version}', name], cache) ?? 'of unknown version';
}

/**
 * @param {string} name
 * @param {string} folder Made only if all went well.
 */
function unpack(name, folder) {
	if (!existsSync('/etc/debian_version')) return false;
	process.stderr.write(`Fetching Debian’s package ${name} for this run.\n`);
	const aside = `${folder}.unpacking`;
	rmSync(aside, { recursive: true, force: true });
	mkdirSync(aside, { recursive: true });
	// What the program needs and this machine has not.
	const plan = ['-s', 'install', '-y', '--no-install-recommends', name];
	const needed = output('apt-get', plan, aside) ?? refreshed(plan, aside);
	const names = [...(needed ?? '').matchAll(/^Inst (\S+)/gm)].map(([, found = '']) => found);
	if (names.length === 0) return false;
	if (output('apt-get', ['download', ...names], aside) === undefined) return false;
	const files = readdirSync(aside).filter((file) => file.endsWith('.deb'));
	const isWhole = files.every((file) => {
		const unpacked = output('dpkg-deb', ['-x', file, '.'], aside) !== undefined;
		rmSync(join(aside, file));
		return unpacked;
	});
	if (isWhole) renameSync(aside, folder);
	return isWhole;
}

/**
 * The same after Debian's lists were fetched, which a new machine has not.
 *
 * @param {readonly string[]} plan
 * @param {string} folder
 */
function refreshed(plan, folder) {
	if (process.getuid?.() !== 0) return undefined;
	return output('apt-get', ['update'], folder) === undefined
		? undefined
		: output('apt-get', plan, folder);
}

/** @param {string} folder */
function tripletIn(folder) {
	const place = join(folder, 'usr/lib');
	const names = existsSync(place) ? readdirSync(place) : [];
	return names.find((name) => name.endsWith('-linux-gnu')) ?? '';
}

/**
 * @param {string} program
 * @param {NodeJS.ProcessEnv} env
 */
function isThere(program, env) {
	return (env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/**
 * @param {string} program
 * @param {readonly string[]} words
 * @param {string} cwd
 * @returns {string | undefined} What it wrote, if it ended well.
 */
function output(program, words, cwd) {
	const { status, stdout } = spawnSync(program, words, {
		cwd,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
		timeout: GIVES_UP_AFTER_MS,
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
	});
	return status === 0 ? stdout : undefined;
}
