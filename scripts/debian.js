/** Debian's packages, for the tests: installed where they may be, never asked for elsewhere. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

let updated = false;

/**
 * Installs packages if this is root on a Debian.
 *
 * @param {readonly string[]} packages
 * @param {'recommended' | 'alone'} company Whether what Debian recommends beside them comes along.
 * @returns {boolean} Whether they are installed now.
 */
export function installPackages(packages, company = 'recommended') {
	if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
	process.stderr.write(`Installing Debian’s packages: ${packages.join(' ')}.\n`);
	updated ||= runs('apt-get', ['update']);
	const words = company === 'alone' ? ['--no-install-recommends'] : [];
	return updated && runs('apt-get', ['install', '-y', ...words, ...packages]);
}

/**
 * Whether a program ends without an error. Its output is not shown.
 *
 * @param {string} program
 * @param {readonly string[]} words
 */
export function runs(program, words) {
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	return spawnSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}
