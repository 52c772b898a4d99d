/** Counts that depend on how long the tests may take, and what was found with them. */
import { appendFileSync, mkdirSync } from 'node:fs';

/** Set by `npm run test:long`. */
export const LONG = process.env['KEYHOLD_LONG'] === '1';

/** The count to use: `npm test` has minutes, `npm run test:long` has hours. */
export function count(short: number, long: number): number {
	return LONG ? long : short;
}

/** Puts a figure into docs/reliability.md when the full counts were run. */
export function record(test: string, runs: number, outcome: string): void {
	if (!LONG) return;
	mkdirSync('test-results', { recursive: true });
	appendFileSync('test-results/figures.jsonl', JSON.stringify({ test, runs, outcome }) + '\n');
}
