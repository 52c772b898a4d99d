/**
 * `npm run bench`: measures the built product in a real browser against the real server.
 * With `--write` the table in docs/performance.md is made anew from the figures.
 *
 * Each bench appends its figures to bench/results/figures.json, which is not kept.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, buildState } from '../scripts/build.js';

/**
 * @typedef {object} Figure
 * @property {string} what
 * @property {number} median
 * @property {number} minimum
 * @property {number} n
 * @property {string} unit
 * @property {string} goal
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const results = join(root, 'bench/results');
const figuresFile = join(results, 'figures.json');
const document = join(root, 'docs/performance.md');
const BEGIN = '<!-- figures: made by `npm run bench -- --write` -->';
const END = '<!-- end of figures -->';

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
if (buildState() !== 'fresh') build('inherit');

const { status } = spawnSync(
	process.execPath,
	['node_modules/@playwright/test/cli.js', 'test', '--config', 'bench/playwright.config.ts'],
	{ cwd: root, stdio: 'inherit' }
);
if (status !== 0) process.exit(status ?? 1);

const table = tableOf(/** @type {Figure[]} */ (JSON.parse(readFileSync(figuresFile, 'utf8'))));
console.log(`\n${table}`);
if (process.argv.includes('--write')) {
	const text = readFileSync(document, 'utf8');
	const before = text.slice(0, text.indexOf(BEGIN) + BEGIN.length);
	const after = text.slice(text.indexOf(END));
	writeFileSync(document, `${before}\n\n${table}\n\n${after}`);
}

/** @param {readonly Figure[]} figures */
function tableOf(figures) {
	const [cpu] = cpus();
	const place = `Node ${process.versions.node}, ${cpus().length} x ${cpu?.model.trim() ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1) ?? '?'}.`;
	const rows = figures.map(
		({ what, median, minimum, n, unit, goal }) =>
			`| ${what} | ${shown(median)} ${unit} | ${shown(minimum)} | ${n} | ${goal} |`
	);
	return [
		place,
		'',
		'| what | median | minimum | n | goal |',
		'| --- | --- | --- | --- | --- |',
		...rows
	].join('\n');
}

/** @param {number} figure */
function shown(figure) {
	return figure < 10 ? figure.toFixed(2) : figure.toFixed(0);
}
