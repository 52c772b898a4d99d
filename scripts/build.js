/**
 * `npm run build`: messages, then client and server into build/. A build remembers what it was made
 * from, so that `npm start` makes it anew only when something has changed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'build', 'made-from');

const INPUTS = [
	'package-lock.json',
	'package.json',
	'project.inlang/settings.json',
	'scripts/build.js',
	'scripts/i18n.js',
	'src',
	'static',
	'svelte.config.js',
	'tsconfig.json',
	'vite.config.ts'
];
const OUTPUTS = ['src/lib/i18n/generated'];

/** @returns {'missing' | 'stale' | 'fresh'} */
export function buildState() {
	if (!existsSync(stamp)) return 'missing';
	return readFileSync(stamp, 'utf8') === fingerprint() ? 'fresh' : 'stale';
}

/**
 * @param {'inherit' | 'pipe'} stdio Where the tools write to.
 * @throws {Error} with what the failing tool wrote, if it was piped.
 */
export function build(stdio) {
	const before = fingerprint();
	run('scripts/i18n.js', [], stdio);
	run('node_modules/vite/bin/vite.js', ['build'], stdio);
	// What was edited meanwhile may be in the build or not: then the next start builds again.
	if (fingerprint() === before) writeFileSync(stamp, before);
}

/** Whether the tools that build are installed; `npm ci --omit=dev` leaves them out. */
export function canBuild() {
	return existsSync(join(root, 'node_modules/vite/bin/vite.js'));
}

/**
 * @param {string} script
 * @param {readonly string[]} words
 * @param {'inherit' | 'pipe'} stdio
 */
function run(script, words, stdio) {
	const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...words], {
		cwd: root,
		// A development build would ship its warnings to the browser.
		env: { ...process.env, NODE_ENV: 'production' },
		stdio: ['ignore', stdio, stdio],
		encoding: 'utf8'
	});
	if (status !== 0) {
		throw new Error(`${script} failed\n${[stdout, stderr].filter(Boolean).join('\n')}`);
	}
}

function fingerprint() {
	const hash = createHash('sha256');
	for (const path of INPUTS.flatMap(filesUnder)) {
		hash
			.update(`${path}\0`)
			.update(readFileSync(join(root, path)))
			.update('\0');
	}
	return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
	if (OUTPUTS.includes(path) || path.endsWith('.test.ts')) return [];
	if (!statSync(join(root, path)).isDirectory()) return [path];
	return readdirSync(join(root, path))
		.sort()
		.flatMap((name) => filesUnder(`${path}/${name}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		if (!process.argv.includes('--if-stale') || buildState() !== 'fresh') build('inherit');
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	}
}
