/** docs/asvs.md answers every requirement that it means to, and names only what is there. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSources } from './tidy/sources.ts';

const document = readFileSync('docs/asvs.md', 'utf8');
const rows = document
	.split('\n')
	.filter((line) => /^\| \d+\.\d+\.\d+ /.test(line))
	.map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
	.map(([, number = '', asks = '', answer = '', by = '']) => ({ number, asks, answer, by }));
const ANSWERS = ['met', 'in part', 'no', 'does not apply'];

/**
 * Of each section of ASVS 5.0.0 how many requirements of levels 1 and 2 it has, from .1 on without a
 * gap: those of level 3 come last in every section but the two that are all of level 3.
 */
const LEVELS_1_AND_2: Readonly<Record<string, number>> = {
	...{ '1.1': 2, '1.2': 9, '1.3': 11, '1.4': 3, '1.5': 2 },
	...{ '2.1': 3, '2.2': 3, '2.3': 4, '2.4': 1 },
	...{ '3.2': 2, '3.3': 4, '3.4': 6, '3.5': 5, '3.7': 2 },
	...{ '4.1': 3, '4.2': 1, '4.3': 2, '4.4': 4 },
	...{ '5.1': 1, '5.2': 3, '5.3': 2, '5.4': 3 },
	...{ '6.1': 3, '6.2': 12, '6.3': 4, '6.4': 4, '6.5': 5, '6.6': 3, '6.8': 4 },
	...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2 },
	...{ '8.1': 2, '8.2': 3, '8.3': 1, '8.4': 1 },
	...{ '9.1': 3, '9.2': 4 },
	...{ '10.1': 2, '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3 },
	...{ '12.1': 3, '12.2': 2, '12.3': 4 },
	...{ '13.1': 1, '13.2': 5, '13.3': 2, '13.4': 5 },
	...{ '14.1': 2, '14.2': 4, '14.3': 3 },
	...{ '15.1': 3, '15.2': 3, '15.3': 7 },
	...{ '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3 },
	...{ '17.1': 1, '17.2': 4, '17.3': 2 }
};

/** Sections whose level 3 is answered too, with all that they have. */
const ALL_LEVELS: Readonly<Record<string, number>> = {
	...{ '6.3': 8, '6.4': 6, '6.5': 8, '6.6': 4, '6.7': 2, '7.5': 3 },
	...{ '11.1': 4, '11.2': 5, '11.3': 5, '11.4': 4, '11.5': 2, '11.6': 2, '11.7': 2 }
};

function numbers(): string[] {
	const sections = Object.entries({ ...LEVELS_1_AND_2, ...ALL_LEVELS });
	return sections.flatMap(([section, count]) =>
		Array.from({ length: count }, (_, i) => `${section}.${i + 1}`)
	);
}

function filesIn(by: string): string[] {
	return [...by.matchAll(/`((?:src|tests|docs|deploy|scripts|serve)\/[^`]+|\.?[\w.]+\.\w+)`/g)]
		.map(([, path = '']) => path)
		.filter((path) => path !== 'JSON.stringify' && path !== 'retention.ts');
}

describe('the table', () => {
	test('has each requirement once', () => {
		expect(rows.map(({ number }) => number).sort()).toEqual(numbers().sort());
		expect(numbers()).toHaveLength(276);
	});

	test.each(rows.map((row) => [row.number, row] as const))(
		'%s is answered by something that is there, or with a reason',
		(_number, { asks, answer, by }) => {
			expect(asks).not.toBe('');
			expect(ANSWERS).toContain(answer);
			expect(filesIn(by).filter((path) => !existsSync(path))).toEqual([]);
			if (answer === 'met') expect(filesIn(by)).not.toEqual([]);
			else expect(by.length).toBeGreaterThan(10);
		}
	);

	test('counts itself right', () => {
		const count = (wanted: string) => rows.filter(({ answer }) => answer === wanted).length;
		expect(document).toContain(
			`Of ${rows.length} requirements ${count('met')} are met, ${count('in part')} in part, ` +
				`${count('no')} not; ${count('does not apply')} do not apply.`
		);
	});
});

describe('the program', () => {
	const program = readSources(process.cwd()).filter(
		({ path }) => path.startsWith('src/') && !path.includes('.test.')
	);

	test('starts no other one (1.2.5)', () => {
		const starting = program.filter(({ text }) => text.includes('child_process'));
		expect(starting.map(({ path }) => path)).toEqual([]);
	});

	test('makes no regular expression from text (1.2.9)', () => {
		const making = program.filter(({ text }) => /\bRegExp\(/.test(text));
		// Of parts that stand in the file.
		expect(making.map(({ path }) => path)).toEqual([
			'src/lib/browser/import-source.ts',
			'src/lib/server/mail/address.ts'
		]);
	});
});
