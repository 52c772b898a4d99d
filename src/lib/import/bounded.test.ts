/** Files that would take minutes, or all memory, if work grew faster than they do. */
import { describe, expect, test } from 'vitest';
import { isAwsFile, readAws } from './aws.ts';
import { readBash } from './bash.ts';
import { fieldsOf } from './collecting.ts';
import { readCompose } from './compose.ts';
import { ImportError } from './content.ts';
import { readDotenvx } from './dotenvx.ts';
import { dialectOf } from './env.ts';

const LONG = 300_000;

describe('an AWS file', () => {
	test.each([
		['a profile of spaces', `[${' '.repeat(LONG)}x`],
		['a profile that never ends', `[profile ${' x'.repeat(LONG)}`],
		['a setting of spaces', `[a]\nb${' '.repeat(LONG)}c`],
		['a value of comments', `[a]\nb = c${' #'.repeat(LONG)}\u2028`]
	])('is read in one go: %s', (_, file) => {
		expect(readAws(file).candidates).toEqual([]);
	});

	test('has profiles with spaces and comments', () => {
		const file = '[  profile  one two ] # mine\naws_secret_access_key =a=b ; c\n[]\n[x] y\n';
		const { candidates, refused } = readAws(file);
		expect(candidates).toMatchObject([
			{ draft: { name: 'AWS one two', fields: [{ value: 'a=b' }] } }
		]);
		expect(refused.map(({ line }) => line)).toEqual([3, 4]);
	});
});

describe('values that grow', () => {
	const doubled = 'A=$A$A';
	test.each([
		['bash, in one line', () => readBash(`A=12345678 ${`${doubled} `.repeat(40)}`)],
		['bash, in one word', () => readBash(`A=${'1'.repeat(LONG)}\nB=${'$A'.repeat(400)}`)],
		['bash, in quotes', () => readBash(`A=${'1'.repeat(LONG)}\nB="${'$A'.repeat(400)}"`)],
		['compose', () => readCompose(`A=${'1'.repeat(LONG)}\nB=${'$A'.repeat(400)}`)],
		['dotenvx', () => readDotenvx(`A=${'1'.repeat(LONG)}\nB=${'$A'.repeat(400)}`)]
	])('are refused before they are made: %s', (_, read) => {
		expect(read).toThrow(ImportError);
	});

	test('are what the words before them in the line say', () => {
		expect(readBash('A=1 A=2 B=$A\n').set.map(({ name, value }) => [name, value])).toEqual([
			['A', '2'],
			['B', '2']
		]);
	});

	test('of more words than are read are refused at that word', () => {
		expect(() => readBash(`export ${'A= '.repeat(20_001)} B`)).toThrow(ImportError);
	});
});

describe('the dialect', () => {
	test.each(['\u2028', '\u2029'])('of lines that end with %j alone is told in one go', (end) => {
		expect(dialectOf(end.repeat(LONG))).toBe('dotenv');
	});

	test.each(['\u2028', '\u2029'])('of sections behind %j is told in one go', (end) => {
		expect(isAwsFile(`x ${`${end}[`.repeat(LONG)}\naws_access_key_id=A`)).toBe(false);
	});
});

describe('fields of one name', () => {
	test('are numbered', () => {
		const fields = ['a', 'a 2', 'a', 'a'].map((name) => ({ name, value: 'v', hidden: true }));
		expect(fieldsOf(fields).map(({ name }) => name)).toEqual(['a', 'a 2', 'a 3', 'a 4']);
	});

	test('are left as they are where a key cannot hold so many', () => {
		const fields = Array.from({ length: LONG }, () => ({ name: 'a', value: 'v', hidden: true }));
		expect(fieldsOf(fields)).toEqual(fields);
	});
});
