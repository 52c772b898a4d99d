/**
 * Writes what the long tests measured into docs/reliability.md, between its two markers. Tests hand
 * their figures over with `record` of tests/figures.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { writeBetweenMarkers } from './markers.js';

const figures = new URL('../test-results/figures.jsonl', import.meta.url);
const document = new URL('../docs/reliability.md', import.meta.url);

/** @type {{ test: string; runs: number; outcome: string }[]} */
const rows = readFileSync(figures, 'utf8')
	.split('\n')
	.filter((line) => line !== '')
	.map((line) => JSON.parse(line));

const table = [
	'| what was tried | runs | outcome |',
	'| --- | ---: | --- |',
	...rows
		.sort((a, b) => a.test.localeCompare(b.test))
		.map(({ test, runs, outcome }) => `| ${test} | ${runs.toLocaleString('en')} | ${outcome} |`)
].join('\n');
const date = new Date().toISOString().slice(0, 10);
const text = `Last full run: ${date}, Node ${process.versions.node}.\n\n${table}`;

writeFileSync(document, writeBetweenMarkers(readFileSync(document, 'utf8'), 'figures', text));
