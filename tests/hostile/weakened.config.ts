/** One project for each weakened client: its own modules, and the test that has to notice. */
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';
import { weaken, WEAKNESSES, type Weakness } from './weaknesses.ts';

const HONEST =
	'an honest server lets a person register, save, read, lock, and unlock on two devices';
const outcomes = process.env['KEYHOLD_OUTCOMES'] ?? '';

/** Writes a line for each test that ran. */
const reporter: Reporter = {
	onTestCaseResult: (test) => {
		if (test.result().state === 'skipped') return;
		const line = {
			project: test.project.name,
			test: test.fullName.replaceAll(' > ', ' '),
			state: test.result().state
		};
		appendFileSync(outcomes, `${JSON.stringify(line)}\n`);
	}
};

export default defineConfig({
	test: {
		reporters: [reporter],
		projects: WEAKNESSES.map((weakness, index) => ({
			plugins: [weakened(weakness)],
			test: {
				name: String(index),
				include: [`tests/hostile/${weakness.file}`, 'tests/hostile/harness-journey.test.ts'],
				testNamePattern: new RegExp(`(${[weakness.noticedBy, HONEST].map(escaped).join('|')})$`),
				testTimeout: 120_000,
				pool: 'threads' as const
			}
		}))
	}
});

function weakened({ edits }: Weakness): Plugin {
	const folder = fileURLToPath(new URL('../../src/lib/', import.meta.url));
	return {
		name: 'weakened',
		enforce: 'pre',
		transform(code, id) {
			const own = edits.filter(({ module }) => id === folder + module);
			return own.length === 0 ? undefined : own.reduce(weaken, code);
		}
	};
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
