/** Figures: how often, the median, the minimum; kept for the table of docs/performance.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FILE = 'bench/results/figures.json';

export interface Heading {
	readonly what: string;
	readonly unit: 'ms' | 'kB' | 'MB' | 'x' | 'frames';
	/** As it stands in the table; `-` where there is none. */
	readonly goal: string;
}

/** Appends the figure. The first of several samples warms up and is dropped. */
export function record(heading: Heading, samples: readonly number[]): void {
	const kept = samples.length > 1 ? samples.slice(1) : samples;
	const sorted = kept.toSorted((a, b) => a - b);
	const figure = {
		...heading,
		median: middle(sorted),
		minimum: sorted[0] ?? Number.NaN,
		n: sorted.length
	};
	const before = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as unknown[]) : [];
	writeFileSync(FILE, JSON.stringify([...before, figure], undefined, '\t'));
}

function middle(sorted: readonly number[]): number {
	const half = Math.floor(sorted.length / 2);
	const upper = sorted[half] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}
