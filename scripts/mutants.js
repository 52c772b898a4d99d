/**
 * `npm run test:mutants [FOLDER or FOLDER/FILE…]`: changes the code of the folders that nothing may
 * get wrong, one small thing at a time, and runs their tests against each change. A change that no
 * test notices is listed: it needs a test, or its line in docs/mutants.md. The scores go into
 * docs/reliability.md, between markers; a score below 90 % is a failure.
 *
 * Not a part of `npm test`, which it would make too long. What has not changed since the last run
 * is remembered in reports/.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
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
 * The tests of each folder: those beside it, and those that hold it to the norm. And how many
 * seconds of them a change is shown, the likeliest to notice first, before it counts as one that
 * none notices.
 *
 * @type {Readonly<Record<string, { tests: string[]; patience: number }>>}
 */
const FOLDERS = {
	crypto: { tests: ['src/lib/crypto', 'tests/vectors'], patience: 600 },
	protocol: {
		tests: ['src/lib/protocol', 'tests/vectors', 'tests/fuzz/parsers.test.ts'],
		patience: 600
	},
	keyholder: { tests: ['src/lib/keyholder', 'tests/hostile'], patience: 2 }
};

/**
 * Of no use here: they need a real server, exchange a module while they are built, or go by chance
 * and notice another change each time.
 */
const NOT_THESE = /\/(?:hostile\/activity|real-server[\w-]*|weakened|h10-mutations)\.test\.ts$/;

const HEAD = [
	'| folder | mutants | noticed | not | score | minutes | run |',
	'| --- | ---: | ---: | ---: | ---: | ---: | --- |'
];

process.chdir(root);
mkdirSync(reports, { recursive: true });
const asked = process.argv.slice(2);
const unknown = asked.find((part) => !Object.hasOwn(FOLDERS, folderOf(part)));
if (unknown !== undefined) {
	const known = Object.keys(FOLDERS).join(', ');
	process.stderr.write(`No ${unknown}: any of ${known}, or a file of one, as crypto/hash.\n`);
	process.exit(1);
}
for (const [folder, { tests, patience }] of Object.entries(FOLDERS)) {
	const parts = asked.filter((part) => folderOf(part) === folder);
	if (asked.length > 0 && parts.length === 0) continue;
	const begun = Date.now();
	const names = namesIn(folder);
	const isWhole = parts.length === 0 || parts.includes(folder);
	const files = isWhole ? names : parts.map((part) => `src/lib/${part}.ts`);
	const mutants = await mutate(folder, files, tests.flatMap(testFilesIn), patience);
	const minutes = Math.ceil((Date.now() - begun) / 60_000);
	const survivors = mutants.filter(({ status }) => !isNoticed(status));
	for (const survivor of survivors) process.stdout.write(`${lineOf(survivor)}\n`);
	// Of those that were run earlier the outcome is still known.
	const run = new Set([...files, ...mutants.map(({ fileName }) => pathOf(fileName))]);
	const missing = names.filter((name) => !run.has(name));
	const noticed = mutants.length - survivors.length;
	// Of no mutants there is no score.
	if (!((100 * noticed) / mutants.length >= ENOUGH)) process.exitCode = 1;
	await writeRow(folder, [mutants.length, noticed, survivors.length], minutes, missing);
}

/** @param {string} part */
function folderOf(part) {
	return part.split('/', 1)[0] ?? '';
}

/** The files of a folder that can have mutants. @param {string} folder */
function namesIn(folder) {
	const names = readdirSync(`src/lib/${folder}`).filter((name) => /\.ts$/.test(name));
	return names
		.filter((name) => !name.endsWith('.test.ts'))
		.map((name) => `src/lib/${folder}/${name}`);
}

/** @param {string} fileName */
function pathOf(fileName) {
	return fileName.replace(root, '');
}

/** @param {string} path @returns {string[]} */
function testFilesIn(path) {
	const files = path.endsWith('.ts') ? [path] : readdirSync(path).map((name) => `${path}/${name}`);
	return files.filter((file) => file.endsWith('.test.ts') && !NOT_THESE.test(file));
}

/**
 * @param {string} folder
 * @param {string[]} files
 * @param {string[]} testFiles
 * @param {number} patience
 */
async function mutate(folder, files, testFiles, patience) {
	const stryker = new Stryker({
		mutate: files,
		testRunner: 'in-process',
		plugins: [fileURLToPath(new URL('../tests/mutants/runner.js', import.meta.url))],
		unitTests: testFiles,
		patienceMs: patience * 1000,
		ignorePatterns: [
			...['*', '!package.json', '!tsconfig.json', '!src', '!src/lib', '!src/lib/**', '!tests'],
			...['!tests/**', '!.svelte-kit', '.svelte-kit/*', '!.svelte-kit/tsconfig.json']
		],
		coverageAnalysis: 'perTest',
		incremental: true,
		incrementalFile: fileURLToPath(new URL(`${folder}.json`, reports)),
		concurrency: 1,
		timeoutMS: 60_000,
		timeoutFactor: 1,
		dryRunTimeoutMinutes: 30,
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
	const path = pathOf(fileName);
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
 * @param {readonly string[]} missing files that were never run
 */
async function writeRow(folder, counts, minutes, missing) {
	const text = readFileSync(document, 'utf8');
	const lines = readBetweenMarkers(text, 'mutants').split('\n');
	const lineAbout = (/** @type {string} */ name, /** @type {string} */ start) =>
		lines.find((line) => line.startsWith(`${start}\`src/lib/${name}\``)) ?? [];
	const [all, noticed] = counts;
	const score = `${((100 * noticed) / all).toFixed(1)} %`;
	const run = `${new Date().toISOString().slice(0, 10)}, ${versions()}`;
	const row = `| ${[`\`src/lib/${folder}\``, ...counts, score, minutes, run].join(' | ')} |`;
	const names = missing.map((path) => basename(path, '.ts')).join(', ');
	const note = missing.length === 0 ? [] : `Of \`src/lib/${folder}\` not run: ${names}.`;
	const folders = Object.keys(FOLDERS);
	const table = [
		...HEAD,
		...folders.flatMap((name) => (name === folder ? row : lineAbout(name, '| '))),
		'',
		...folders.flatMap((name) => (name === folder ? note : lineAbout(name, 'Of ')))
	].join('\n');
	const filepath = fileURLToPath(document);
	const written = writeBetweenMarkers(text, 'mutants', table.trimEnd());
	writeFileSync(document, await format(written, { ...(await resolveConfig(filepath)), filepath }));
}

function versions() {
	const versionOf = (/** @type {string} */ name) =>
		JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
	const [stryker, vitest] = ['@stryker-mutator/core', 'vitest'].map(versionOf);
	return `Stryker ${stryker}, vitest ${vitest}, Node ${process.versions.node}`;
}
