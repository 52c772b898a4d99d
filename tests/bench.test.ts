/** The arithmetic of `npm run bench`, on samples that are made up: nothing is measured here. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inTurns, record, recordBeside, type Figure } from '../bench/figures.ts';
import { tableOf } from '../bench/table.js';

const PLACE = {
	node: '20.0.0',
	browser: 'Chromium 1',
	cores: '2 x made up',
	load: 0.25,
	day: '2020-01-01',
	versions: ['other 1.2'],
	outcome: 'ended'
};

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'keyhold-figures-'));
	vi.stubEnv('BENCH_FIGURES', join(folder, 'figures.jsonl'));
});

afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true });
});

function written(): Figure[] {
	const lines = readFileSync(join(folder, 'figures.jsonl'), 'utf8').trimEnd().split('\n');
	return lines.map((line) => JSON.parse(line) as Figure);
}

test('what is compared is measured in turns', async () => {
	const order: string[] = [];
	const turn = (name: string) => () => Promise.resolve(order.push(name));
	const samples = await inTurns(2, { ours: turn('ours'), theirs: turn('theirs') });
	expect(order).toEqual(['ours', 'theirs', 'ours', 'theirs']);
	expect(samples).toEqual({ ours: [1, 3], theirs: [2, 4] });
});

test('what is not here has no turn and no samples', async () => {
	const samples = await inTurns(2, { ours: () => Promise.resolve(1), theirs: undefined });
	expect(samples).toEqual({ ours: [1, 1], theirs: [] });
});

test('the first sample warms up', () => {
	record({ what: 'one', unit: 'ms' }, [1, 30, 10, 20]);
	expect(written()).toEqual([{ what: 'one', unit: 'ms', n: 3, median: 20, minimum: 10 }]);
});

test('a ratio is the median of those of the pairs', () => {
	recordBeside({ what: 'ours', unit: 'ms' }, [99, 10, 40, 90], 'theirs', [1, 10, 20, 30]);
	expect(written()).toEqual([
		{
			what: 'ours',
			unit: 'ms',
			n: 3,
			median: 40,
			minimum: 10,
			beside: { what: 'theirs', n: 3, median: 20, minimum: 10, ratio: 2 }
		}
	]);
});

test('what stands alone has no goal of a ratio', () => {
	recordBeside({ what: 'ours', unit: 'ms', goal: { atMost: 2 } }, [1, 10, 20], 'theirs', []);
	expect(written()).toEqual([{ what: 'ours', unit: 'ms', n: 2, median: 15, minimum: 10 }]);
});

test('a table says which goals of ratios were missed', () => {
	const sample = { n: 3, median: 40, minimum: 10 };
	const beside = { what: 'theirs', n: 3, median: 20, minimum: 10, ratio: 2 };
	const heading = { what: 'ours', unit: 'ms' } as const;
	const figures: Figure[] = [
		{ ...heading, ...sample, beside, goal: { atMost: 1.5 } },
		{ ...heading, ...sample, beside, goal: { atMost: 2 } }
	];
	const rows = tableOf(figures, PLACE).split('\n').slice(-2);
	expect(rows).toEqual([
		'| ours | 3 | 40 ms | 10 | theirs | 20 ms | 10 | 2.00 x | <= 1.5, **missed** |',
		'| ours | 3 | 40 ms | 10 | theirs | 20 ms | 10 | 2.00 x | <= 2 |'
	]);
});

test('the head of a table names what it was measured beside, and a run that was cut', () => {
	const [head] = tableOf([], { ...PLACE, outcome: 'cut off' }).split('\n');
	expect(head).toBe(
		'2020-01-01, Node 20.0.0, Chromium 1, other 1.2, 2 x made up, load before it 0.3. ' +
			'The run was not whole: cut off.'
	);
});
