import { execFileSync } from 'node:child_process';
import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { newKey } from '#lib/items/draft.ts';
import { writeEnv } from '#lib/items/env-file.ts';
import type { Draft } from '#lib/items/key.ts';
import { COMPOSE_MISSING, readByCompose, readByDotenvx } from '../../../tests/env-programs.ts';

function key(variable: string, value: string, more: Partial<Draft> = {}) {
	const fields = [{ name: 'key', value, hidden: true }];
	return newKey({ name: variable, envVars: [variable], fields, ...more }, 1);
}

const VALUES: Readonly<Record<string, string>> = {
	PLAIN: 'abc-123_./:@%+=,',
	SPACES: '  two  words ',
	HASH: 'a#b # c',
	DOLLAR: '$HOME ${HOME} $(id) `id`',
	QUOTES: '"double"',
	APOSTROPHE: "it's",
	LINES: 'first\nsecond\n',
	BACKSLASH: 'a\\nb',
	JSON: '{"a":"b c","d":[1]}',
	LETTERS: 'äß中\u{1F511}'
};

/** What bash sets when it reads `text`. */
function inBash(text: string, names: readonly string[]): string[] {
	const script = `${text}\nprintf '%s\\0' ${names.map((name) => `"$${name}"`).join(' ')}`;
	const printed = execFileSync('bash', ['-c', script], { env: { HOME: '/nowhere' } });
	return printed.toString().split('\0').slice(0, -1);
}

describe('writeEnv', () => {
	const { text } = writeEnv(Object.entries(VALUES).map(([name, value]) => key(name, value)));

	test('writes what dotenv reads back', () => {
		expect(parse(text)).toEqual(VALUES);
	});

	test('writes what dotenvx reads back', () => {
		expect(readByDotenvx(text)).toEqual(VALUES);
	});

	test.skipIf(COMPOSE_MISSING)('writes what the program docker-compose reads back', () => {
		// Of the values version 1 expands the one with braces, though it stands in single quotes.
		const read = readByCompose(text);
		expect({ ...read, DOLLAR: VALUES['DOLLAR'] }).toEqual(VALUES);
	});

	test('writes what bash reads back', () => {
		expect(inBash(text, Object.keys(VALUES))).toEqual(Object.values(VALUES));
	});

	test('divides by project and environment', () => {
		const place = { project: 'atlas\n"x', environment: 'production' };
		const written = writeEnv([key('B', '2', place), key('A', '1'), key('C', '3', place)]);
		expect(written.text).toBe('A=1\n\n# atlas "x, production\nB=2\nC=3\n');
		expect(parse(written.text)).toEqual({ A: '1', B: '2', C: '3' });
	});

	test('names variables that stand in it twice', () => {
		expect(writeEnv([key('A', '1'), key('A', '2')]).repeated).toEqual(['A']);
	});

	test('leaves out what no line says, and names it', () => {
		const written = writeEnv([key('A', `'"$`), key('B', '2')]);
		expect(written).toEqual({ text: 'B=2\n', unsayable: ['A'], repeated: [] });
	});

	test('takes the values by their names, whatever order the overview has', () => {
		const fields = ['ONE', 'TWO'].map((name) => ({ name, value: `of-${name}`, hidden: true }));
		const { overview, secret } = newKey({ name: 'Pair', envVars: ['ONE', 'TWO'], fields }, 1);
		const turned = { ...overview, fields: overview.fields.toReversed() };
		expect(parse(writeEnv([{ overview: turned, secret }]).text)).toEqual({
			ONE: 'of-ONE',
			TWO: 'of-TWO'
		});
	});
});
