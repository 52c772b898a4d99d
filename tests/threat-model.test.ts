/** docs/threat-model.md promises tests: they must be there, under the names that it gives. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** As the paper numbers them. */
const PUBLISHED = [...numbered('BW', 12), ...numbered('LP', 7), ...numbered('DL', 6)].concat(
	numbered('1P', 6)
);
const TEST_NAME = /`(tests\/[\w./-]+\.ts)`: “([^”]+)”/g;
const attackTests = readdirSync('tests/hostile');
const document = readFileSync('docs/threat-model.md', 'utf8');
const rows = document.split('\n').filter((line) => /^\| (?:BW|LP|DL|1P)\d\d /.test(line));

function numbered(prefix: string, count: number): string[] {
	return Array.from({ length: count }, (_, i) => `${prefix}${String(i + 1).padStart(2, '0')}`);
}

/** The tests that a text names, and of each whether it is there. */
function missingIn(text: string): string[] {
	return [...text.matchAll(TEST_NAME)]
		.filter(([, file = '', name = '']) => {
			return !existsSync(file) || !readFileSync(file, 'utf8').includes(name);
		})
		.map(([whole]) => whole);
}

describe('the threat model', () => {
	test('answers each of the 31 published attacks', () => {
		expect(PUBLISHED).toHaveLength(31);
		expect(rows.map((row) => row.slice(2, 6))).toEqual(PUBLISHED);
	});

	test.each(rows.map((row) => [row.slice(2, 6), row] as const))(
		'names at least one test against %s, and each is there',
		(_, row) => {
			expect([...row.matchAll(TEST_NAME)].length).toBeGreaterThan(0);
			expect(missingIn(row)).toEqual([]);
		}
	);

	test('names no file of tests that is not there', () => {
		const named = [...document.matchAll(/`((?:tests|src)\/[\w./-]+)`/g)].map(
			([, path = '']) => path
		);
		const attacks = attackTests.map((file) => `tests/hostile/${file}`);
		const missing = named.filter(
			(path) => !existsSync(path) && !attacks.some((file) => file.startsWith(`${path}-`))
		);
		expect(named.length).toBeGreaterThan(31);
		expect(missing).toEqual([]);
	});

	test.each(numbered('H', 23))('has tests of %s', (attack) => {
		const file = new RegExp(`^${attack}-.*\\.test\\.ts$`, 'i');
		expect(attackTests.some((name) => file.test(name))).toBe(true);
	});

	test.each(['H01', 'H05', 'H06', 'H07', 'H08', 'H11', 'H15', 'H16', 'H19'])(
		'has a test of %s in a real browser',
		(attack) => {
			expect(readFileSync('tests/e2e/hostile.spec.ts', 'utf8')).toContain(`test('${attack}: `);
		}
	);

	test('is seen to name a test that is not there', () => {
		const planted = '`tests/threat-model.test.ts`: “no such title, ' + 'as anybody can see”';
		expect(missingIn(planted)).toHaveLength(1);
		expect(missingIn('`tests/nowhere.test.ts`: “x”')).toHaveLength(1);
	});
});
