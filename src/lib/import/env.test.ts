/**
 * The dialects of `.env`, each against the program that it belongs to where that is at hand: `dotenv`,
 * the parser of dotenvx and `bash` are run. Compose is that of version 2 (compose-go,
 * `dotenv/parser.go`), compared with version 1 where the two read alike; Doppler and Infisical are
 * rebuilt from what these write.
 */
import { execFileSync } from 'node:child_process';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dialectOf, DIALECTS, readEnv, type Dialect } from './env.ts';
import { ImportError } from './content.ts';
import { COMPOSE_MISSING, readByCompose, readByDotenvx } from '../../../tests/env-programs.ts';

function valuesIn(text: string, dialect: Dialect): Record<string, string> {
	return Object.fromEntries(readEnv(text, dialect).set.map(({ name, value }) => [name, value]));
}

function reasonsIn(text: string, dialect: Dialect) {
	return readEnv(text, dialect).refused.map(({ line, what, why }) => [line, what, why]);
}

/** Of the characters that mean something in a `.env`. */
const envText = fc
	.array(fc.constantFrom(...Array.from('AB1_= \'"`\\\n#$x:.-nt\r'), 'export ', 'A=', 'B: '), {
		maxLength: 40
	})
	.map((parts) => parts.join(''));

describe('dotenv', () => {
	test.each([
		['A=a#b', { A: 'a' }],
		['A="a#b" # c', { A: 'a#b' }],
		['A=$FOO-${BAR}', { A: '$FOO-${BAR}' }],
		['A: b', { A: 'b' }],
		['A:b', {}],
		['A="l1\\nl2"', { A: 'l1\nl2' }],
		["A='l1\\nl2'", { A: 'l1\\nl2' }],
		['A="a\\tb"', { A: 'a\\tb' }],
		['A="a\\"b"', { A: 'a\\"b' }],
		['A="a\\\\nb"', { A: 'a\\\nb' }],
		["A='it\\'s'", { A: "it\\'s" }],
		['A="unterminated', { A: '"unterminated' }],
		['A=1\nA=2', { A: '2' }],
		['A=1\r\nB=2\rC=3', { A: '1', B: '2', C: '3' }],
		['A', {}],
		["A=\nB=''", { A: '', B: '' }],
		['1A=x\nA-B.C=x', { '1A': 'x', 'A-B.C': 'x' }],
		['A=`x"y\'z`', { A: 'x"y\'z' }],
		['A==x=', { A: '=x=' }],
		['export  A = "v"  # c', { A: 'v' }],
		[
			'A="-----BEGIN-----\nx\n-----END-----"\nB=1',
			{ A: '-----BEGIN-----\nx\n-----END-----', B: '1' }
		]
	])('%j', (text, expected) => {
		expect(valuesIn(text, 'dotenv')).toEqual(expected);
	});

	test('is read as dotenv reads it', () => {
		fc.assert(
			fc.property(envText, (text) => {
				expect(valuesIn(text, 'dotenv')).toEqual(parse(text));
			}),
			{ numRuns: 3_000 }
		);
	});

	test('names the line of what it refuses', () => {
		expect(reasonsIn('# a\n\nA=1\nnot one\nA=2', 'dotenv')).toEqual([
			[3, 'A', 'again'],
			[4, '', 'syntax']
		]);
	});
});

describe('bash', () => {
	test.each([
		["A='it'\\''s'", { A: "it's" }],
		['export A="a\\"b" B=$\'x\\ny\'', { A: 'a"b', B: 'x\ny' }],
		['declare -x A="1"\nB="$A-${A}-${C:-d}"', { A: '1', B: '1-1-d' }],
		['A=a#b # c', { A: 'a#b' }],
		['A=1; B=2', { A: '1', B: '2' }]
	])('%j', (text, expected) => {
		expect(valuesIn(text, 'bash')).toEqual(expected);
	});

	test('never takes what would run a program', () => {
		const text = 'A=$(touch x)\nB=`id`\nC="$(id)"\nD=x id\nE=a|b\nF=$HOME\nG=ok';
		expect(valuesIn(text, 'bash')).toEqual({ G: 'ok' });
		expect(reasonsIn(text, 'bash').map(([, , why]) => why)).toEqual([
			'command',
			'command',
			'command',
			'command',
			'command',
			'variable'
		]);
	});

	test('takes no older value where the last one is refused', () => {
		const text = 'A=old\nB=1\nA=$(id) C=2\nB=2 A=$(id)';
		expect(reasonsIn(text, 'bash')).toEqual([
			[1, 'A', 'again'],
			[2, 'B', 'again'],
			[3, 'A', 'command'],
			[4, 'B', 'command']
		]);
		expect(valuesIn(text, 'bash')).toEqual({});
	});

	test.each(['export A=new && ls', 'B=$(id) A=2', 'B=$(id); A=2', 'A+=more', 'export A=1 B'])(
		'takes no older value of a name that the refused line %j sets',
		(line) => {
			expect(valuesIn(`A=old\n${line}`, 'bash')).toEqual({});
		}
	);

	test.each(['A=new ls', 'echo A=2'])('keeps the value of a name that %j does not set', (line) => {
		expect(valuesIn(`A=old\n${line}`, 'bash')).toEqual({ A: 'old' });
	});

	test('is read as bash reads it', () => {
		const piece = fc.constantFrom(
			"'a b'",
			'"x\\"y"',
			'"\\\\"',
			'c#d',
			"'\"'",
			'\\ ',
			'"$A"',
			"$'\\t'"
		);
		const lines = fc.array(fc.array(piece, { maxLength: 4 }), { minLength: 1, maxLength: 6 });
		const files = fc
			.sample(lines, { numRuns: 40, seed: 7 })
			.map((values) =>
				[
					'A=first',
					...values.map((parts, at) => `export N${String(at)}=${parts.join('')} # c`)
				].join('\n')
			);
		for (const text of files) {
			const out = execFileSync('bash', ['--norc', '-c', `set -a\n${text}\nenv -0`], { env: {} });
			const known = Object.keys(valuesIn(text, 'bash'));
			const ran = out
				.toString()
				.split('\0')
				.map(
					(line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const
				)
				.filter(([name]) => known.includes(name));
			expect(valuesIn(text, 'bash')).toEqual(Object.fromEntries(ran));
		}
	});
});

describe('dotenvx', () => {
	test.each([
		['A=1\nB="$A-${A}-${C:-d}-${A:+e}"', { A: '1', B: '1-1-d-e' }],
		["A=1\nB='$A'", { A: '1', B: '$A' }],
		['A="a\\tb\\$c"', { A: 'a\tb$c' }],
		['A=p$$1', { A: 'p$$1' }],
		["A='it\\'s'", { A: "it's" }],
		['A=a#b # c\nB="a#b" # c', { A: 'a', B: 'a#b' }],
		['A="l1\nl2"\nexport B=`x"y`', { A: 'l1\nl2', B: 'x"y' }]
	])('%j', (text, expected) => {
		expect(valuesIn(text, 'dotenvx')).toEqual(expected);
		expect(readByDotenvx(text)).toEqual(expected);
	});

	test('is read as dotenvx reads it, but for what is refused', () => {
		const signs = ['${A', '$${A}', ':-', ':+', '}', "\\'", "='", "'\n", '="', '"\n', '\nA='];
		const text = fc
			.array(fc.oneof(envText, fc.constantFrom(...signs)), { maxLength: 12 })
			.map((parts) => parts.join(''));
		fc.assert(
			fc.property(text, (file) => {
				const { set, refused } = readEnv(file, 'dotenvx');
				// What this leaves, dotenvx may expand without end.
				fc.pre(refused.every(({ why }) => why !== 'variable' && why !== 'dollars'));
				const names = refused.map(({ what }) => what);
				const kept = Object.entries(readByDotenvx(file)).filter(([name]) => !names.includes(name));
				const ours = set.filter(({ name }) => !names.includes(name));
				expect(new Map(ours.map(({ name, value }) => [name, value]))).toEqual(new Map(kept));
			}),
			{ numRuns: 10_000 }
		);
	});

	test.each([
		['a dollar sign before what is put in', 'A=B\nC=$${A}'],
		['a reference in what is put in', "A='$B'\nC=x$A"],
		['two dollar signs in what is put in', "A='p$$1'\nC=$A"],
		['a backslash at the end of what is put in', "A='x\\'\nC=$A$A"],
		['an escaped reference before another', 'A=1\nC="\\$A $A"'],
		['a default that makes a reference', 'A=1\nC=$${B:-A}'],
		['a value that stands for itself', 'A="\\$A"\nC=x$A'],
		['a reference before another in quotes', 'A=\'\\$B\'\nC="$A ${B:-1}"'],
		['another reference behind one that ends it', 'A=\'p$B\'\nC="${A:+yes} ${B:-1}"'],
		['a text that is the value it asked for', "A='p$B'\nC=${A:+}${B:-1}"]
	])('refuses %s, which dotenvx reads once more', (_, text) => {
		expect(reasonsIn(text, 'dotenvx')).toEqual([[2, 'C', 'dollars']]);
	});

	test('refuses what dotenvx still takes for a reference that was set to something else', () => {
		const text = 'A=\'p$B\'\nA=plain\nD=1\nC="$A $D"';
		expect(reasonsIn(text, 'dotenvx')).toEqual([
			[1, 'A', 'again'],
			[4, 'C', 'dollars']
		]);
	});

	test('takes no older value where the last one is refused, nor where that one is put in', () => {
		const text = "A=old\nB='$x'\nA=a$B\nC=$A";
		expect(reasonsIn(text, 'dotenvx')).toEqual([
			[1, 'A', 'again'],
			[3, 'A', 'dollars'],
			[4, 'C', 'variable']
		]);
		expect(valuesIn(text, 'dotenvx')).toEqual({ B: '$x' });
	});

	test('refuses a command that is escaped, which dotenvx runs all the same', () => {
		expect(reasonsIn('A="\\$(id)"', 'dotenvx')).toEqual([[1, 'A', 'command']]);
	});

	test('refuses a command, an unknown variable and what is encrypted', () => {
		expect(reasonsIn('A="$(id)"\nB=$NONE\nC="encrypted:BE9"', 'dotenvx')).toEqual([
			[1, 'A', 'command'],
			[2, 'B', 'variable'],
			[3, 'C', 'encrypted']
		]);
	});
});

describe('compose', () => {
	test.each([
		['A=a#b\nB=a #b', { A: 'a#b', B: 'a' }],
		["A='$x \\n it\\'s'", { A: "$x \\n it's" }],
		['A=1\nB="$A\\n\\$A $$A"\nC=x$$y', { A: '1', B: '1\n$A $A', C: 'x$y' }],
		['A: b\nexport C=${D-e}', { A: 'b', C: 'e' }]
	])('%j', (text, expected) => {
		expect(valuesIn(text, 'compose')).toEqual(expected);
	});

	test.skipIf(COMPOSE_MISSING)('is read as the program docker-compose reads it', () => {
		const text = [
			...['A=a#b', 'B=a #b', 'C= two words ', 'D=a=b==', '# c', '', 'export E="v" # c', 'F='],
			...["G=''", "H='$x \\n it\\'s'", "I='a\nb' # c", 'J="x\\ty \\"q\\" \\\\."', 'K="l1\nl2"'],
			...['L=${A}-${NONE:-d}', 'M="${A}"']
		].join('\n');
		expect(valuesIn(text, 'compose')).toEqual(readByCompose(text));
	});

	test('takes no older value where the last one is refused', () => {
		expect(reasonsIn('A=old\nA=$NONE', 'compose')).toEqual([
			[1, 'A', 'again'],
			[2, 'A', 'variable']
		]);
		expect(valuesIn('A=old\nA=$NONE', 'compose')).toEqual({});
	});

	test('refuses a quote that does not end and goes on with the next line', () => {
		expect(reasonsIn('A="x\nB=1', 'compose')).toEqual([[1, 'A', 'syntax']]);
		expect(valuesIn('A="x\nB=1', 'compose')).toEqual({ B: '1' });
	});
});

test.each([
	['bash', 'A=old\nA=$(id)\nB=${A:-fallback}\nC=${A:+yes}'],
	['compose', 'A=old\nA=$NONE\nB=${A:-fallback}\nC=${A:+yes}'],
	['dotenvx', 'A="encrypted:BE9"\nB=${A:-fallback}\nC=${A:+yes}']
] as const)('%s has no default for a name whose value was refused', (dialect, text) => {
	expect(valuesIn(text, dialect)).toEqual({});
});

describe('doppler', () => {
	test('undoes its escapes, and leaves out what it says of itself', () => {
		const text = 'A="{\\"k\\":\\"a\\\\\\\\b\\"}"\nB="l1\nl2"\nDOPPLER_CONFIG="dev"\n';
		expect(valuesIn(text, 'doppler')).toEqual({ A: '{"k":"a\\\\b"}', B: 'l1\nl2' });
		expect(reasonsIn(text, 'doppler')).toEqual([[4, 'DOPPLER_CONFIG', 'own']]);
	});

	test('gives back whatever it was given', () => {
		fc.assert(
			fc.property(
				fc.string().filter((text) => !text.includes('\r')),
				(value) => {
					const written = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
					expect(valuesIn(`A="${written}"\nB="1"`, 'doppler')).toEqual({ A: value, B: '1' });
				}
			)
		);
	});
});

describe('infisical', () => {
	test('takes a quote inside of its quotes, and a written line break', () => {
		const text = "A='it's'\nB='l1\\nl2'\nC='{\"k\":\"a\\nb\"}'\n";
		expect(valuesIn(text, 'infisical')).toEqual({ A: "it's", B: 'l1\nl2', C: '{"k":"a\\nb"}' });
	});
});

describe('dialectOf', () => {
	test.each([
		['A=1', 'dotenv'],
		['A=pa$word', 'dotenv'],
		['A=1\nB=${A}', 'dotenvx'],
		['A="encrypted:BE9"', 'dotenvx'],
		['A=x$$y', 'compose'],
		["export A='it'\\''s'", 'bash'],
		['DOPPLER_PROJECT="p"\nA="1"', 'doppler'],
		["A='it's'", 'infisical']
	])('%j is %s', (text, expected) => {
		expect(dialectOf(text)).toBe(expected);
	});
});

describe('any text', () => {
	test.each(DIALECTS)('is read as %s, or refused, and nothing else happens', (dialect) => {
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'binary' }), envText), (text) => {
				const { set, refused } = readEnv(text, dialect);
				expect([...set, ...refused].every(({ line }) => line >= 1)).toBe(true);
			})
		);
	});

	test.each(DIALECTS)('of more lines than are read is refused as %s', (dialect) => {
		expect(() => readEnv('A=1\n'.repeat(20_001), dialect)).toThrow(ImportError);
	});
});
