/**
 * Writes what the long tests measured into docs/reliability.md, between its two markers. Tests hand
 * their figures over with `record` of tests/figures.ts.
 *
 * With `--add` the rows that are there stay, but for those of what was run anew: for a long test that
 * was run by itself.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { readBetweenMarkers, writeBetweenMarkers } from './markers.js';

const figures = new URL('../test-results/figures.jsonl', import.meta.url);
const document = new URL('../docs/reliability.md', import.meta.url);

/** @type {{ test: string; runs: number; outcome: string }[]} */
const rows = readFileSync(figures, 'utf8')
	.split('\n')
	.filter((line) => line !== '')
	.map((line) => JSON.parse(line));

/** Parts of one thing are one row. */
const sums = rows.filter(({ test, outcome }, index) => {
	const first = rows.findIndex((row) => row.test === test && row.outcome === outcome);
	if (first !== index && rows[first]) rows[first].runs += rows[index]?.runs ?? 0;
	return first === index;
});
const added = sums
	.sort((a, b) => a.test.localeCompare(b.test))
	.map(({ test, runs, outcome }) => `| ${test} | ${runs.toLocaleString('en')} | ${outcome} |`);
const text = readFileSync(document, 'utf8');
const between = process.argv.includes('--add')
	? addedTo(readBetweenMarkers(text, 'figures'))
	: anew();
const style = await resolveConfig(fileURLToPath(document));
const whole = writeBetweenMarkers(text, 'figures', between);
writeFileSync(document, await format(whole, { ...style, filepath: fileURLToPath(document) }));

function anew() {
	const date = new Date().toISOString().slice(0, 10);
	const head = ['| what was tried | runs | outcome |', '| --- | ---: | --- |'];
	const table = [...head, ...added].join('\n');
	return `Last full run: ${date}, Node ${process.versions.node}.\n\n${table}`;
}

/** @param {string} before What stands there, a sentence and a table. */
function addedTo(before) {
	const again = new Set(added.map(nameIn));
	const kept = before
		.trim()
		.split('\n')
		.filter((line) => !line.startsWith('|') || !again.has(nameIn(line)));
	return [...kept, ...added].join('\n');
}

/** @param {string} row */
function nameIn(row) {
	return row.split('|')[1]?.trim() ?? '';
}
