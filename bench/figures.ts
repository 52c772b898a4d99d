/**
 * Figures: how often, the median, the minimum; of two things side by side the median of the pairwise
 * ratios too. Each is one line of the file that `npm run bench` names, and a row of
 * docs/performance.md.
 */
import { appendFileSync } from 'node:fs';

type Unit =
	'ms' | 'kB' | 'MB' | 'frames' | 'per s' | 'commits' | 'keys' | 'accounts' | 'clients' | 'lists';

/** Of the ratio where there is one, else of the median. */
type Goal = { readonly atMost: number } | { readonly atLeast: number };

interface Heading {
	readonly what: string;
	readonly unit: Unit;
	readonly goal?: Goal;
}

interface Sample {
	readonly n: number;
	readonly median: number;
	readonly minimum: number;
}

export interface Figure extends Heading, Sample {
	/** What was measured in turns with it; `ratio` is how many times as large the first one is. */
	readonly beside?: Sample & { readonly what: string; readonly ratio: number };
}

/** Waits in milliseconds, drawn as docs/images/NAME.svg. */
export interface Curve {
	readonly name: string;
	readonly title: string;
	/** What there is more and more of. */
	readonly x: string;
	/** What is still good. */
	readonly good: number;
	readonly series: readonly {
		readonly name: string;
		readonly points: readonly (readonly [x: number, ms: number])[];
	}[];
}

/** One turn of something that is measured: what it took, in the unit of its heading. */
export type Turn = () => Promise<number>;

/** Of several samples the first warms up and is dropped. */
export function record(heading: Heading, samples: readonly number[]): void {
	write({ ...heading, ...sampleOf(samples) });
}

/** The first pair is dropped. Without others, because what they are of is not here, it stands alone. */
export function recordBeside(
	heading: Heading,
	samples: readonly number[],
	what: string,
	others: readonly number[]
): void {
	if (others.length === 0) {
		write({ what: heading.what, unit: heading.unit, ...sampleOf(samples) });
		return;
	}
	const ratios = samples.map((sample, turn) => sample / (others[turn] ?? Number.NaN));
	const beside = { what, ...sampleOf(others), ratio: sampleOf(ratios).median };
	write({ ...heading, ...sampleOf(samples), beside });
}

/** What it was measured beside, for the head of the table. */
export function recordVersion(program: string, version: string): void {
	write({ version: `${program} ${version}` });
}

export function recordCurve(curve: Curve): void {
	write({ curve });
}

/** A, B, A, B ...: whatever else the machine does meets all of them alike. */
export async function inTurns<Name extends string>(
	rounds: number,
	turns: Readonly<Record<Name, Turn | undefined>>
): Promise<Readonly<Record<Name, readonly number[]>>> {
	const names = Object.keys(turns) as Name[];
	const samples = Object.fromEntries(names.map((name) => [name, [] as number[]]));
	for (let round = 0; round < rounds; round++) {
		for (const name of names) {
			const turn = turns[name];
			if (turn !== undefined) samples[name]?.push(await turn());
		}
	}
	return samples as Record<Name, number[]>;
}

export async function millisecondsOf(work: () => unknown): Promise<number> {
	const before = performance.now();
	await work();
	return performance.now() - before;
}

/** The value below which the given part of them lies. */
export function quantile(samples: readonly number[], part: number): number {
	const sorted = samples.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
	const sorted = samples.toSorted((a, b) => a - b);
	const half = Math.floor(sorted.length / 2);
	const upper = sorted[half] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}

function sampleOf(samples: readonly number[]): Sample {
	const kept = samples.length > 1 ? samples.slice(1) : samples;
	return { n: kept.length, median: median(kept), minimum: Math.min(...kept) };
}

type Line = Figure | { readonly curve: Curve } | { readonly version: string };

function write(figure: Line): void {
	const file = process.env['BENCH_FIGURES'];
	if (file === undefined) throw new Error('started by hand: use npm run bench');
	appendFileSync(file, JSON.stringify(figure) + '\n');
}
