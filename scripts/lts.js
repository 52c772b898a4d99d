/**
 * `npm run test:lts`: all tests but those in a browser once more, on Node's current long-term
 * support. The project's floor is the oldest supported version, which is what everything else runs
 * on; this is the other end.
 *
 * That Node comes from npm's `node` packages into a folder of its own, which is gone afterwards: the
 * project does not depend on it. `node` itself fetches its program by an install script, so the
 * package that carries the program for this machine is asked for directly.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'keyhold-lts-'));
try {
	process.exitCode = testOn(longTermSupport(folder));
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/**
 * Even versions become long-term support half a year after they appear, so the newest even one may
 * not be there yet: each says so itself.
 *
 * @param {string} into
 * @returns {string} The program.
 */
function longTermSupport(into) {
	for (const version of newestOfEvenMajors().slice(0, 2)) {
		const program = install(version, join(into, version));
		const { stdout } = spawnSync(program, ['-p', 'process.release.lts ?? ""'], {
			encoding: 'utf8'
		});
		const name = stdout.trim();
		if (name === '') continue;
		process.stdout.write(`Node ${version}, long-term support “${name}”.\n`);
		return program;
	}
	throw new Error('none of the two newest even versions of Node is long-term support');
}

/** @returns {string[]} The newest version of each even major, the newest first. */
function newestOfEvenMajors() {
	/** @type {string[]} */
	const versions = JSON.parse(npm(['view', 'node', 'versions', '--json']));
	/** @type {Map<number, string>} */
	const newest = new Map();
	for (const version of versions) {
		const [major = NaN] = partsOf(version);
		const known = newest.get(major);
		if (major % 2 === 0 && (known === undefined || isNewer(version, known))) {
			newest.set(major, version);
		}
	}
	return [...newest].sort(([a], [b]) => b - a).map(([, version]) => version);
}

/**
 * @param {string} one
 * @param {string} other
 */
function isNewer(one, other) {
	const [a, b] = [partsOf(one), partsOf(other)];
	const at = a.findIndex((part, index) => part !== b[index]);
	return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

/** @param {string} version */
function partsOf(version) {
	return /^\d+\.\d+\.\d+$/.test(version) ? version.split('.').map(Number) : [];
}

/**
 * @param {string} version
 * @param {string} prefix
 * @returns {string} The program.
 */
function install(version, prefix) {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const name = `node-${platform}-${process.arch}`;
	npm(['install', '--prefix', prefix, '--ignore-scripts', '--no-save', `${name}@${version}`]);
	const program = platform === 'win' ? 'node.exe' : 'node';
	return join(prefix, 'node_modules', name, 'bin', program);
}

/** @param {string[]} words */
function npm(words) {
	// Not in the project's folder, whose lock file is not asked.
	const { status, stdout, stderr } = spawnSync('npm', [...words, '--no-audit', '--no-fund'], {
		cwd: folder,
		encoding: 'utf8'
	});
	if (status !== 0) throw new Error(`npm ${words[0] ?? ''} failed\n${stderr}`);
	return stdout;
}

/**
 * @param {string} program
 * @returns {number}
 */
function testOn(program) {
	const env = {
		...process.env,
		// What tests start by name is that Node too.
		PATH: [dirname(program), process.env['PATH'] ?? ''].join(delimiter)
	};
	const steps = [
		[join(root, 'scripts', 'build.js'), '--if-stale'],
		[join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run']
	];
	for (const words of steps) {
		const { status } = spawnSync(program, words, { cwd: root, env, stdio: 'inherit' });
		if (status !== 0) return status ?? 1;
	}
	return 0;
}
