/**
 * `npm run test:mutants [FOLDER…]`: changes the code of the folders that nothing may get wrong, one
 * small thing at a time, and runs their tests against each change. A change that no test notices is
 * listed: it needs a test, or its line in docs/mutants.md. The scores go into docs/reliability.md,
 * between markers; a score below 90 % is a failure.
 *
 * Not a part of `npm test`, which it would make too long. What has not changed since the last run
 * is remembered in reports/.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import { format, resolveConfig } from 'prettier';
import { readBetweenMarkers, writeBetweenMarkers } from './markers.js';

/** @typedef {import('@stryker-mutator/api/core').MutantResult} MutantResult */

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = new URL('../reports/mutants/', import.meta.url);
const document = new URL('../docs/reliability.md', import.meta.url);

/** Percent. */
const ENOUGH = 90;

/**
 * The tests of each folder: those beside it, and those that hold it to the norm.
 *
 * @type {Readonly<Record<string, string[]>>}
 */
const TESTS = {
	crypto: ['src/lib/crypto', 'tests/vectors'],
	protocol: ['src/lib/protocol', 'tests/vectors', 'tests/fuzz/parsers.test.ts'],
	keyholder: ['src/lib/keyholder']
};
const HEAD = [
	'| folder | mutants | noticed | not | score | minutes | run |',
	'| --- | ---: | ---: | ---: | ---: | ---: | --- |'
];

process.chdir(root);
mkdirSync(reports, { recursive: true });
const asked = process.argv.slice(2);
const unknown = asked.find((folder) => !Object.hasOwn(TESTS, folder));
if (unknown !== undefined) {
	process.stderr.write(`No folder ${unknown}: one or more of ${Object.keys(TESTS).join(', ')}.\n`);
	process.exit(1);
}
for (const [folder, tests] of Object.entries(TESTS)) {
	if (asked.length > 0 && !asked.includes(folder)) continue;
	const begun = Date.now();
	const mutants = await mutate(folder, tests);
	const minutes = Math.ceil((Date.now() - begun) / 60_000);
	const survivors = mutants.filter(({ status }) => !isNoticed(status));
	for (const survivor of survivors) process.stdout.write(`${lineOf(survivor)}\n`);
	const score = (100 * (mutants.length - survivors.length)) / mutants.length;
	// Of no mutants there is no score.
	if (!(score >= ENOUGH)) process.exitCode = 1;
	await writeRow(
		folder,
		[mutants.length, mutants.length - survivors.length, survivors.length],
		minutes
	);
}

/**
 * @param {string} folder
 * @param {string[]} testsIn
 */
async function mutate(folder, testsIn) {
	const stryker = new Stryker({
		mutate: [`src/lib/${folder}/*.ts`, '!**/*.test.ts'],
		testRunner: 'in-process',
		plugins: [fileURLToPath(new URL('../tests/mutants/runner.js', import.meta.url))],
		testsIn,
		ignorePatterns: [
			...['*', '!package.json', '!tsconfig.json', '!src', '!src/lib', '!src/lib/**', '!tests'],
			...['!tests/**', '!.svelte-kit', '.svelte-kit/*', '!.svelte-kit/tsconfig.json']
		],
		coverageAnalysis: 'perTest',
		incremental: true,
		incrementalFile: fileURLToPath(new URL(`${folder}.json`, reports)),
		concurrency: 1,
		timeoutMS: 20_000,
		timeoutFactor: 5,
		reporters: ['progress-append-only'],
		allowConsoleColors: false,
		warnings: false
	});
	return await stryker.runMutationTest();
}

/** A loop without end has been noticed too. @param {MutantResult['status']} status */
function isNoticed(status) {
	return status === 'Killed' || status === 'Timeout';
}

/** @param {MutantResult} mutant */
function lineOf({ fileName, location: { start, end }, replacement }) {
	const path = fileName.replace(root, '');
	const lines = readFileSync(path, 'utf8')
		.split('\n')
		.slice(start.line - 1, end.line);
	const was = lines.join(' ').replaceAll(/\s+/g, ' ').trim();
	return `${path}:${start.line}:${start.column} ${was} -> ${replacement.replaceAll(/\s+/g, ' ')}`;
}

/**
 * @param {string} folder
 * @param {readonly [all: number, noticed: number, not: number]} counts
 * @param {number} minutes
 */
async function writeRow(folder, [all, noticed, not], minutes) {
	const text = readFileSync(document, 'utf8');
	/** @type {Map<string, string>} */
	const rows = new Map();
	for (const line of readBetweenMarkers(text, 'mutants').split('\n')) {
		const [, name] = /^\| `src\/lib\/(\w+)`/.exec(line) ?? [];
		if (name !== undefined) rows.set(name, line);
	}
	const score = `${((100 * noticed) / all).toFixed(1)} %`;
	const run = `${new Date().toISOString().slice(0, 10)}, ${versions()}`;
	const cells = [`\`src/lib/${folder}\``, all, noticed, not, score, minutes, run];
	rows.set(folder, `| ${cells.join(' | ')} |`);
	const sorted = Object.keys(TESTS).flatMap((name) => rows.get(name) ?? []);
	const table = [...HEAD, ...sorted].join('\n');
	const filepath = fileURLToPath(document);
	const written = writeBetweenMarkers(text, 'mutants', table);
	writeFileSync(document, await format(written, { ...(await resolveConfig(filepath)), filepath }));
}

function versions() {
	const versionOf = (/** @type {string} */ name) =>
		JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
	const [stryker, vitest] = ['@stryker-mutator/core', 'vitest'].map(versionOf);
	return `Stryker ${stryker}, vitest ${vitest}, Node ${process.versions.node}`;
}
