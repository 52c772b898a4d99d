/**
 * `npm run build`: messages, then client, server and the host's command into build/. All of it is made
 * aside and moved there once it is whole, so whoever reads build/ meanwhile finds the one before. A
 * build remembers what it was made from, so that `npm start` makes it anew only when something has
 * changed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deliveredList, LIST_PATH } from '../serve/delivered.js';
import { readSite } from '../serve/site.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const place = join(root, 'build');
/** As `out` in svelte.config.js; on the same disk, or it could not be moved. */
const aside = join(root, '.svelte-kit', 'build');
const replaced = join(root, '.svelte-kit', 'build-before');
const STAMP = 'made-from';

/** Everything that the build is made from, besides the packages. */
export const INPUTS = [
	'package-lock.json',
	'package.json',
	'project.inlang/settings.json',
	'scripts/build-admin.js',
	'scripts/build.js',
	'scripts/chunks.js',
	'scripts/i18n.js',
	'serve',
	'src',
	'static',
	'svelte.config.js',
	'tsconfig.json',
	'vite.config.ts'
];
/** What it makes among them. */
export const OUTPUTS = ['src/lib/i18n/generated'];

/** @returns {'missing' | 'stale' | 'fresh'} */
export function buildState() {
	const stamp = join(place, STAMP);
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
	run('scripts/build-admin.js', [aside], stdio);
	publishList();
	// What was edited meanwhile may be in the build or not: then the next start builds again.
	if (fingerprint() === before) writeFileSync(join(aside, STAMP), before);
	moveIntoPlace();
}

/** Puts the list of what is delivered among what is delivered. */
function publishList() {
	/** @type {{ version: string }} */
	const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const list = deliveredList(readSite(aside), version);
	const name = join(aside, 'client', LIST_PATH);
	mkdirSync(dirname(name), { recursive: true });
	writeFileSync(name, JSON.stringify(list, null, '\t') + '\n');
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

/** No folder can be put in the place of another at a stroke, but two moves are close to it. */
function moveIntoPlace() {
	rmSync(replaced, { recursive: true, force: true });
	if (existsSync(place)) renameSync(place, replaced);
	renameSync(aside, place);
	rmSync(replaced, { recursive: true, force: true });
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
