/**
 * `npm run bench`: measures the built product. `npm run bench -- NAME` measures one part of it; with
 * `--write` the tables in docs/performance.md, and the curves, are made anew from the figures; with
 * `--long` each part takes the time that it wants.
 *
 * Each part is a process of its own that appends its figures to bench/results/NAME.jsonl, which is
 * not kept. Its old figures are there until there are new ones. One that fails or takes too long is ended, with everything that it started, and the
 * others go on.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { findBrowser } from '../scripts/browser.js';
import { build, buildState } from '../scripts/build.js';
import { writeBetweenMarkers } from '../scripts/markers.js';
import { svgOf } from './curve.js';
import { tableOf } from './table.js';

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {readonly string[]} words What Node is started with.
 * @property {number} minutes The most that it may take; all together, the sum of them.
 *
 * @typedef {import('./figures.ts').Curve} Curve
 * @typedef {import('./figures.ts').Figure} Figure
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const results = join(root, 'bench/results');
const document = join(root, 'docs/performance.md');
const PLAYWRIGHT = 'node_modules/@playwright/test/cli.js';
const BROWSER_PART = ['test', '--config', 'bench/page/playwright.config.ts'];
/** With `--long`. */
const MORE_TIME = 10;

/** @type {readonly Part[]} */
const PARTS = [
	{ name: 'kdf', words: ['bench/start.js', 'kdf'], minutes: 2 },
	{ name: 'vault', words: ['bench/start.js', 'vault'], minutes: 3 },
	{ name: 'page', words: [PLAYWRIGHT, ...BROWSER_PART], minutes: 4 },
	{ name: 'server', words: ['bench/start.js', 'server'], minutes: 5 },
	{ name: 'peers', words: ['bench/start.js', 'peers'], minutes: 6 },
	{ name: 'growth', words: ['bench/start.js', 'growth'], minutes: 5 }
];

const words = process.argv.slice(2);
const isWritten = words.includes('--write');
const isLong = words.includes('--long');
const names = words.filter((word) => !word.startsWith('--'));
const unknown = names.find((name) => !PARTS.some((part) => part.name === name));
if (unknown !== undefined) {
	console.error(`No part is called ${unknown}: ${PARTS.map(({ name }) => name).join(', ')}.`);
	process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
mkdirSync(results, { recursive: true });
if (buildState() !== 'fresh') build('inherit');
const browser = await findBrowser('whole');
const times = isLong ? MORE_TIME : 1;
for (const part of PARTS) {
	if (names.length > 0 && !names.includes(part.name)) continue;
	await measure(part).catch((/** @type {unknown} */ error) => {
		console.error(`${part.name}: ${error instanceof Error ? error.message : String(error)}`);
		process.exitCode = 1;
	});
}

/** @param {Part} part */
async function measure({ name, words, minutes }) {
	const kept = join(results, `${name}.jsonl`);
	const file = `${kept}.new`;
	rmSync(file, { force: true });
	const load = loadavg()[0] ?? 0;
	const begun = Date.now();
	const outcome = await run(words, file, minutes * times);
	const lines = existsSync(file) ? linesIn(file) : [];
	const figures = lines.filter((line) => 'what' in line);
	const curves = lines.flatMap((line) => ('curve' in line ? [line.curve] : []));
	const versions = lines.flatMap((line) => ('version' in line ? [line.version] : []));
	if (figures.length === 0) throw new Error(`no figures: ${outcome}`);
	// Only now: what was measured before is better than nothing.
	renameSync(file, kept);
	const [cpu] = cpus();
	const place = {
		node: process.versions.node,
		browser: await versionOf(browser),
		cores: `${cpus().length} x ${cpu?.model.trim() ?? 'unknown'}`,
		load,
		day: new Date(begun).toISOString().slice(0, 10),
		versions,
		outcome
	};
	writeFileSync(
		join(results, `${name}.json`),
		JSON.stringify({ ...place, figures, curves }, undefined, '\t')
	);
	const table = tableOf(figures, place);
	const seconds = ((Date.now() - begun) / 1000).toFixed(0);
	console.log(`\n${name}, ${seconds} s\n\n${table}\n`);
	if (isWritten) await write(name, table, curves);
	if (outcome !== 'ended') throw new Error(outcome);
}

/**
 * What was measured is good also where something after it failed; the table says so.
 *
 * @param {string} name
 * @param {string} table
 * @param {readonly Curve[]} curves
 */
async function write(name, table, curves) {
	const pictures = curves.map(({ name, title }) => `![${title}](images/${name}.svg)`);
	const between = [table, ...pictures].join('\n\n');
	const text = writeBetweenMarkers(readFileSync(document, 'utf8'), `figures: ${name}`, between);
	for (const curve of curves) {
		writeFileSync(join(root, 'docs/images', `${curve.name}.svg`), svgOf(curve));
	}
	const style = await resolveConfig(document);
	writeFileSync(document, await format(text, { ...style, filepath: document }));
}

/**
 * @param {readonly string[]} words
 * @param {string} file
 * @param {number} minutes
 * @returns {Promise<string>} `ended`, or what happened instead.
 */
function run(words, file, minutes) {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, words, {
			cwd: root,
			stdio: ['ignore', 'inherit', 'inherit'],
			// A group of its own: what it started is ended with it.
			detached: true,
			env: {
				...process.env,
				BENCH_FIGURES: file,
				BENCH_LONG: isLong ? '1' : '',
				CHROMIUM_PATH: browser
			}
		});
		let isLate = false;
		const endAll = () => {
			try {
				process.kill(-(child.pid ?? 0), 'SIGKILL');
			} catch {
				// All of it is gone already.
			}
		};
		const timer = setTimeout(() => {
			isLate = true;
			endAll();
		}, minutes * 60_000);
		process.once('exit', endAll);
		child.once('close', (code) => {
			clearTimeout(timer);
			process.off('exit', endAll);
			endAll();
			if (isLate) resolve(`cut off after ${minutes.toFixed(1)} minutes`);
			else resolve(code === 0 ? 'ended' : `ended with ${code}`);
		});
	});
}

/**
 * @param {string} file
 * @returns {(Figure | { curve: Curve } | { version: string })[]}
 */
function linesIn(file) {
	const lines = readFileSync(file, 'utf8').split('\n');
	return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/**
 * @param {string} program
 * @returns {Promise<string>}
 */
function versionOf(program) {
	return new Promise((resolve) => {
		const child = spawn(program, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
		let text = '';
		child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => (text += chunk));
		child.once('error', () => {
			resolve('unknown browser');
		});
		child.once('close', () => {
			resolve(/[A-Za-z ]+ [\d.]+/.exec(text)?.[0] ?? 'unknown browser');
		});
	});
}
