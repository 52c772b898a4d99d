/**
 * `npm test`, which is also what CI runs: every check there is, each with its name and outcome. It
 * goes on after a failing step, and ends with a line for machines: `N passed, N failed`.
 *
 * `--long` runs the full counts of what `npm test` holds in a short form, and writes the figures of
 * docs/reliability.md.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReport } from './test-report.js';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} program Under node_modules, or a script of ours.
 * @property {readonly string[]} words
 * @property {'vitest' | 'playwright'} [reporter] Writes the outcome of each test as JSON.
 *
 * @typedef {import('./test-report.js').Count} Count
 * @typedef {import('./test-report.js').Report} Report
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const results = join(root, 'test-results');
const long = process.argv.includes('--long');

/** Enough to see why a step failed; all of it is in test-results/. */
const SHOWN_LINES = 200;

/**
 * Each list is done one after another. Lists of the same line are done side by side: none of them
 * measures time, and together they take half of it.
 *
 * @type {readonly (readonly (readonly Step[])[])[]}
 */
const LINES = [
	[
		[
			{ name: 'messages', program: 'scripts/i18n.js', words: [] },
			{ name: 'kit', program: '@sveltejs/kit/svelte-kit.js', words: ['sync'] },
			{ name: 'programs', program: 'scripts/programs.js', words: [] }
		]
	],
	// The second makes what is tested in it. Much of the tests is waiting, for a timer, a mail, a program
	// to start, so that they leave a core to each other.
	[
		[
			{
				name: 'eslint',
				program: 'eslint/bin/eslint.js',
				words: long ? ['.'] : ['.', '--config', 'eslint.short.config.js']
			},
			{ name: 'prettier', program: 'prettier/bin/prettier.cjs', words: ['--check', '.'] },
			{ name: 'knip', program: 'knip/bin/knip.js', words: [] },
			vitest('unit', ['unit', 'client', 'mocking'])
		],
		[
			// Components and all else: every file that the compiler alone would look at is in it.
			{
				name: 'svelte-check',
				program: 'svelte-check/bin/svelte-check',
				words: ['--output', 'human']
			},
			{ name: 'build', program: 'scripts/build.js', words: ['--if-stale'] },
			{ name: 'build again', program: 'scripts/rebuild.js', words: [] },
			vitest('libsql server', ['remote']),
			vitest('built server', ['built'])
		]
	],
	[
		[
			{
				name: 'browser',
				program: '@playwright/test/cli.js',
				words: ['test', '--reporter=line,json'],
				reporter: 'playwright'
			}
		]
	]
];

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

/** @type {Count} */
const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const failing = [];
/** @type {string[]} */
const failures = [];
for (const line of LINES) await Promise.all(line.map(performAll));
if (long) add(total, await perform({ name: 'figures', program: 'scripts/figures.js', words: [] }));

// Once more at the end: what is far above may be cut off where this is read.
for (const failure of failures) say(`\n${failure}`);
if (failing.length > 0) say(`\nFailing: ${failing.join(', ')}`);
if (total.skipped > 0) say(`${total.skipped} skipped`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/**
 * @param {string} name
 * @param {readonly string[]} projects
 * @returns {Step}
 */
function vitest(name, projects) {
	const words = ['run', '--reporter=default', '--reporter=json'];
	return {
		name,
		program: 'vitest/vitest.mjs',
		words: [...words, ...projects.map((project) => `--project=${project}`)],
		reporter: 'vitest'
	};
}

/** @param {readonly Step[]} steps */
async function performAll(steps) {
	for (const step of steps) add(total, await perform(step));
}

/**
 * @param {Step} step
 * @returns {Promise<Count>} The step itself counts as one.
 */
async function perform(step) {
	const begun = Date.now();
	const report = join(results, `${step.name.replaceAll(' ', '-')}.json`);
	const { passed, output } = await run(step, report);
	const seconds = ((Date.now() - begun) / 1000).toFixed(1);
	const tests = step.reporter === undefined ? undefined : reportIn(step.reporter, report);
	// A run that dies before it reports has not passed, whatever its exit code says.
	// All of its tests may be skipped, where their program is missing.
	const found = (tests?.passed ?? 0) + (tests?.skipped ?? 0);
	const good = passed && (step.reporter === undefined || found > 0);
	writeFileSync(report.replace('.json', '.log'), output);
	if (!good) {
		failing.push(step.name);
		say(output.split('\n').slice(-SHOWN_LINES).join('\n'));
	}
	const counted = tests === undefined ? '' : `, ${tests.passed} passed, ${tests.failed} failed`;
	say(`${good ? 'ok    ' : 'FAILED'} ${step.name} (${seconds} s${counted})`);
	failures.push(...(tests?.failures ?? []));
	const count = tests ?? { passed: 0, failed: 0, skipped: 0 };
	add(count, { passed: Number(good), failed: Number(!good), skipped: 0 });
	return count;
}

/**
 * @param {Step} step
 * @param {string} report
 * @returns {Promise<{ passed: boolean; output: string }>}
 */
function run({ program, words, reporter }, report) {
	const script = program.startsWith('scripts/') ? program : join('node_modules', program);
	const place = reporter === 'vitest' ? [`--outputFile.json=${report}`] : [];
	const child = spawn(process.execPath, [script, ...words, ...place], {
		cwd: root,
		env: {
			...process.env,
			NO_COLOR: '1',
			FORCE_COLOR: undefined,
			PLAYWRIGHT_JSON_OUTPUT_FILE: report,
			KEYHOLD_LONG: long ? '1' : process.env['KEYHOLD_LONG']
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	/** @type {string[]} */
	const chunks = [];
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => chunks.push(chunk));
	}
	return new Promise((resolve) => {
		child.once('close', (code) => {
			resolve({ passed: code === 0, output: chunks.join('') });
		});
	});
}

/**
 * @param {'vitest' | 'playwright'} reporter
 * @param {string} name
 * @returns {Report | undefined} Undefined if there is no report to read.
 */
function reportIn(reporter, name) {
	try {
		return readReport(reporter, readFileSync(name, 'utf8'));
	} catch {
		return undefined;
	}
}

/**
 * @param {Count} sum
 * @param {Count} more
 */
function add(sum, more) {
	sum.passed += more.passed;
	sum.failed += more.failed;
	sum.skipped += more.skipped;
}

/** @param {string} line */
function say(line) {
	process.stdout.write(`${line}\n`);
}
