import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { parse as readByDotenv } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	sayKey,
	sayValue,
	variablesOf,
	type CopyChoice,
	type Said,
	type ValueForm
} from '#lib/items/copy-forms.ts';
import type { Overview } from '#lib/items/key.ts';
import { COMPOSE_MISSING, readByCompose, readByDotenvx } from '../../../tests/env-programs.ts';

const run = promisify(execFile);

/** Values that a careless quoting would turn into others, or into commands. */
const NASTY = [
	'plain-value_1',
	'two words',
	' blanks at both ends ',
	'\ttabs\t',
	"it's",
	'say "yes"',
	`both ' and "`,
	`' " \` $x`,
	'"quoted already"',
	"'quoted already'",
	'$HOME',
	'${HOME}',
	'a$$b',
	'$(touch /tmp/never)',
	'`touch /tmp/never`',
	'; touch /tmp/never',
	'# no comment',
	'value # with one',
	'a#b',
	'a=b==',
	'~/home:~',
	'*?[a-z]{1,2}',
	'!history',
	'back\\slash',
	'ends in a backslash\\',
	'ends in two\\\\',
	"it's a \\n",
	"'\\'",
	'two\nlines',
	'-----BEGIN KEY-----\nAAAA+/==\n-----END KEY-----\n',
	"it's\ntwo\r\nlines",
	'carriage\rreturn',
	'\nfirst line empty',
	'# line\nB=2\nexport C=3',
	'Grüße, 鍵 🔑',
	'\u200e\u202eright to left\u200b',
	'\u2028line separator',
	'\u00a0',
	'\ufeffmark',
	'-n',
	'@/etc/passwd',
	'__proto__',
	'\u0007\u001b[31m'
];

const anyValue = fc.oneof(
	fc.string({ minLength: 1, unit: 'grapheme' }),
	fc.string({ minLength: 1, unit: fc.constantFrom(...Array.from(` '"\\$\`#=\n\rab{}!~;`)) })
);

function textOf(said: Said): string | undefined {
	return 'text' in said ? said.text : undefined;
}

function say(form: ValueForm, value: string): string {
	return textOf(sayValue(form, 'TOKEN', value)) ?? expect.fail('the form cannot say it');
}

/** What bash has in `TOKEN` after reading `script`; a mark keeps the line feeds at the end. */
async function inBash(script: string): Promise<string> {
	const end = '\nprintf %s "$TOKEN"; printf .';
	const { stdout } = await run('bash', ['--norc', '-c', script + end], { env: {} });
	return stdout.slice(0, -1);
}

/**
 * The rules of docker compose 2 for one assignment, as its documentation gives them: quotes are
 * escaped by a backslash, single quotes are literal, double quotes know escapes and variables, and
 * a plain value ends before a blank and `#`.
 */
function readByRules(file: string): Record<string, string> {
	const found: Record<string, string> = {};
	let rest = file;
	while (rest !== '') {
		const [, name = '', after = ''] = /^([\w.-]+)=([\s\S]*)$/.exec(rest) ?? expect.fail(rest);
		const quoted = /^'((?:\\[\s\S]|[^'\\])*)'|^"((?:\\[\s\S]|[^"\\])*)"/.exec(after);
		if (quoted === null) {
			const line = after.split('\n')[0] ?? '';
			found[name] = interpolated(line.replace(/ #.*$/, '').trimEnd());
			rest = after.slice(line.length + 1);
			continue;
		}
		const [all, single, double = ''] = quoted;
		found[name] = single?.replaceAll("\\'", "'") ?? interpolated(unescaped(double));
		rest = after.slice(all.length).replace(/^[^\n]*\n?/, '');
	}
	return found;
}

function unescaped(text: string): string {
	const known: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '"': '"' };
	return text.replace(/\\([\s\S])/g, (all, letter: string) => known[letter] ?? all);
}

function interpolated(text: string): string {
	return text.replace(/\$\$|\$\{[^}]*\}?|\$\w+/g, (all) => (all === '$$' ? '$' : 'replaced'));
}

/** The headers that curl sends for a command line with `argument`. */
async function headersByCurl(argument: string): Promise<string[]> {
	const server = createServer((request, response) =>
		response.end(JSON.stringify(request.rawHeaders))
	);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	try {
		const line = `curl -s --noproxy '*' ${argument} http://127.0.0.1:${port}/`;
		const { stdout } = await run('bash', ['--norc', '-c', line]);
		return JSON.parse(stdout) as string[];
	} finally {
		server.close();
	}
}

describe('a line of a .env file', () => {
	const said = NASTY.filter(
		(value) => textOf(sayValue('assignment', 'TOKEN', value)) !== undefined
	);

	test.each(said)('is read by dotenv as the value: %j', (value) => {
		expect(readByDotenv(say('assignment', value))).toEqual({ TOKEN: value });
	});

	test.each(said)('is read by dotenvx as the value: %j', (value) => {
		expect(readByDotenvx(say('assignment', value))).toEqual({ TOKEN: value });
	});

	test.each(said)('is read by the rules of docker compose as the value: %j', (value) => {
		expect(readByRules(say('assignment', value))).toEqual({ TOKEN: value });
	});

	test.skipIf(COMPOSE_MISSING)('is read by the program docker-compose as the value', () => {
		// Version 1 expands braces in single quotes too; version 2, whose rules stand above, does not.
		const values = Object.fromEntries(
			said.filter((value) => !value.includes('${')).map((value, at) => [`N${String(at)}`, value])
		);
		const lines = Object.entries(values).map(
			([name, value]) => textOf(sayValue('assignment', name, value)) ?? ''
		);
		expect(readByCompose(`${lines.join('\n')}\n`)).toEqual(values);
	});

	test('is read alike by all of them for any value that it can say', () => {
		fc.assert(
			fc.property(anyValue, (value) => {
				const line = textOf(sayValue('assignment', 'TOKEN', value));
				if (line === undefined) return;
				expect(readByDotenv(line)).toEqual({ TOKEN: value });
				expect(readByDotenvx(line)).toEqual({ TOKEN: value });
				expect(readByRules(line)).toEqual({ TOKEN: value });
			}),
			{ numRuns: 2_000 }
		);
	});

	test('is plain for a value without signs, and quoted for one with them', () => {
		expect(say('assignment', 'abc-1.2/3+4=')).toBe('TOKEN=abc-1.2/3+4=');
		expect(say('assignment', 'a b')).toBe("TOKEN='a b'");
	});

	test.each([`both ' and "`, "it's \\n", "it's $HOME", 'ends in a backslash\\ $x\\'])(
		'is not offered where its readers disagree: %j',
		(value) => {
			expect(sayValue('assignment', 'TOKEN', value)).toEqual({ unsayable: 'quotes' });
		}
	);
});

describe('an export for the shell', () => {
	test.each(NASTY)('is read by bash as the value: %j', async (value) => {
		expect(await inBash(say('export', value))).toBe(value);
	});

	test('reaches the programs that bash starts', async () => {
		const script = `${say('export', "it's $x")}\nTOKEN=$(printenv TOKEN)`;
		expect(await inBash(script)).toBe("it's $x");
	});
});

describe('a header', () => {
	const said = NASTY.filter((value) => textOf(sayValue('bearer', 'TOKEN', value)) !== undefined);

	test.each(said)('is sent by curl as the value: %j', async (value) => {
		const headers = await headersByCurl(say('curl', value));
		expect(headers[headers.indexOf('Authorization') + 1]).toBe(`Bearer ${value}`);
	});

	test('is the same text with and without curl', () => {
		expect(say('bearer', 'abc')).toBe('Authorization: Bearer abc');
		expect(say('curl', 'abc')).toBe("-H 'Authorization: Bearer abc'");
	});

	test.each(['two\nlines', 'carriage\rreturn', ' blank first', 'blank last ', 'Grüße', '\u001b'])(
		'is not offered where it would carry another value: %j',
		(value) => {
			expect(sayValue('bearer', 'TOKEN', value)).toEqual({ unsayable: 'header' });
			expect(sayValue('curl', 'TOKEN', value)).toEqual({ unsayable: 'header' });
		}
	);
});

describe('JSON', () => {
	test.each([...NASTY, 'nul\0inside'])('is read by JSON.parse as the value: %j', (value) => {
		expect(JSON.parse(say('json', value))).toEqual({ TOKEN: value });
	});

	test('is read as the value, whatever it is', () => {
		fc.assert(
			fc.property(anyValue, (value) => {
				expect(JSON.parse(say('json', value))).toEqual({ TOKEN: value });
			})
		);
	});
});

test.each(['assignment', 'export', 'bearer', 'curl'] as const)(
	'a value with NUL is not offered as %s',
	(form) => {
		expect(sayValue(form, 'TOKEN', 'nul\0inside')).toEqual({ unsayable: 'nul' });
	}
);

describe('all values of a key', () => {
	const overview = overviewOf(['ID', 'SECRET'], ['ID', 'SECRET']);
	const all = (form: 'all-env' | 'all-json', values: string[]): Said =>
		sayKey(overview, values, { form });

	test('are read from a .env file by dotenv, dotenvx, docker compose and bash', async () => {
		const file = textOf(all('all-env', ['an id', 'two\nlines # and $x'])) ?? '';
		const values = { ID: 'an id', SECRET: 'two\nlines # and $x' };
		expect(readByDotenv(file)).toEqual(values);
		expect(readByDotenvx(file)).toEqual(values);
		expect(readByRules(file)).toEqual(values);
		expect(await inBash(`${file}\nTOKEN="$ID|$SECRET"`)).toBe(`${values.ID}|${values.SECRET}`);
	});

	test('are one object of JSON', () => {
		const text = textOf(all('all-json', ['an id', '"'])) ?? '';
		expect(JSON.parse(text)).toEqual({ ID: 'an id', SECRET: '"' });
	});

	test('are not copied in part where one of them cannot be said', () => {
		expect(all('all-env', ['an id', `' " $`])).toEqual({ unsayable: 'quotes' });
	});

	test('are told apart by the field that is asked for', () => {
		const choice: CopyChoice = { form: 'assignment', field: 1 };
		expect(sayKey(overview, ['a', 'b'], choice)).toEqual({ text: 'SECRET=b' });
	});
});

describe('the variable of a value', () => {
	test("is the person's own", () => {
		expect(variablesOf(overviewOf(['key'], ['OPENAI_API_KEY']))).toEqual(['OPENAI_API_KEY']);
	});

	test('is made of the name where there is none', () => {
		expect(variablesOf(overviewOf(['key'], [], 'Clé d’API 2'))).toEqual(['CLE_D_API_2']);
	});

	test('never begins with a digit', () => {
		expect(variablesOf(overviewOf(['key'], [], '2 be'))).toEqual(['_2_BE']);
	});

	test('has a name of last resort', () => {
		expect(variablesOf(overviewOf(['key'], [], '鍵'))).toEqual(['API_KEY']);
	});

	test('is made of one that no shell takes', () => {
		expect(variablesOf(overviewOf(['key'], ['my.token']))).toEqual(['MY_TOKEN']);
	});

	test('follows the fields where there are as many', () => {
		expect(variablesOf(overviewOf(['id', 'secret'], ['A_ID', 'A_SECRET']))).toEqual([
			'A_ID',
			'A_SECRET'
		]);
	});

	test('is made of the field where there are fewer', () => {
		expect(variablesOf(overviewOf(['key', 'client id'], ['TOKEN']))).toEqual([
			'TOKEN',
			'CLIENT_ID'
		]);
	});

	test('is never that of another value', () => {
		expect(variablesOf(overviewOf(['a b', 'a-b', 'A_B'], []))).toEqual(['A_B', 'A_B_2', 'A_B_3']);
	});
});

function overviewOf(fields: string[], envVars: string[], name = 'Name'): Overview {
	return {
		v: 1,
		name,
		envVars,
		tags: [],
		createdAt: 0,
		changedAt: 0,
		status: 'active',
		fields: fields.map((field) => ({ name: field, hidden: true }))
	};
}
