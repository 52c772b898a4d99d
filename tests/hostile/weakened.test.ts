/** The suite can fail: each weakened client is found out by the test that is there for it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { weaken, WEAKNESSES } from './weaknesses.ts';

interface Outcome {
	readonly project: string;
	readonly test: string;
	readonly state: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
let outcomes: Outcome[] = [];

beforeAll(async () => {
	const folder = mkdtempSync(join(tmpdir(), 'keyhold-'));
	const file = join(folder, 'outcomes');
	try {
		outcomes = await outcomesOf(file);
	} finally {
		rmSync(folder, { recursive: true });
	}
}, 600_000);

describe.each(WEAKNESSES.map((weakness, index) => ({ ...weakness, index })))(
	'a client that $client',
	({ index, attack, noticedBy }) => {
		const of = (state: string) =>
			outcomes.filter((each) => each.project === String(index) && each.state === state);

		test(`turns the test of ${attack} red`, () => {
			const red = of('failed').map((each) => each.test);
			expect(red.some((name) => name.endsWith(noticedBy))).toBe(true);
		});

		test('works with an honest server, so nothing but the attack is noticed', () => {
			const green = of('passed').map((each) => each.test);
			expect(green.some((name) => name.startsWith('an honest server'))).toBe(true);
		});
	}
);

describe('the weaknesses', () => {
	test('leave no attack of the threat model out', () => {
		const attacks = Array.from({ length: 23 }, (_, i) => `H${String(i + 1).padStart(2, '0')}`);
		expect([...new Set(WEAKNESSES.map(({ attack }) => attack))]).toEqual(attacks);
	});

	test.each(WEAKNESSES)('are each a text of the product: $client', ({ edits }) => {
		for (const edit of edits) {
			const text = readFileSync(join(root, 'src/lib', edit.module), 'utf8');
			expect(weaken(text, edit)).not.toBe(text);
		}
	});

	test('are refused when the product has moved on', () => {
		const edit = { module: 'a.ts', genuine: 'check()', weak: '' };
		expect(() => weaken('nothing', edit)).toThrow('not there exactly once');
		expect(() => weaken('check() check()', edit)).toThrow('not there exactly once');
	});
});

/** Runs all of it in a process of its own, which ends with a failure, as it should. */
async function outcomesOf(file: string): Promise<Outcome[]> {
	const program = join(root, 'node_modules/vitest/vitest.mjs');
	const words = [program, 'run', '--config', 'tests/hostile/weakened.config.ts', '--root', root];
	const env = { PATH: process.env['PATH'], NODE_ENV: 'test', KEYHOLD_OUTCOMES: file };
	await promisify(execFile)(process.execPath, words, { cwd: root, env }).catch(() => undefined);
	return readFileSync(file, 'utf8')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as Outcome);
}
