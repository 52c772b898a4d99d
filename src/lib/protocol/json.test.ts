import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { concat, fromHex, fromUtf8, utf8 } from '#lib/encoding/bytes.ts';
import { readJson, writeJson } from '#lib/protocol/json.ts';
import { refusal } from '../../../tests/refusals.ts';

const refused = expect.objectContaining(refusal('format')) as Error;

function read(text: string): unknown {
	return readJson(utf8(text));
}

/** Containers one in another, `depth` of them, the outermost an object. */
function nested(depth: number, opening = '[', closing = ']'): string {
	return `{"a":${opening.repeat(depth - 1)}${closing.repeat(depth - 1)}}`;
}

describe('readJson', () => {
	test('reads what writeJson wrote, whatever the object', () => {
		const leaf = fc.oneof(
			fc.string({ unit: 'grapheme' }),
			fc.maxSafeInteger().map((n) => n + 0),
			fc.boolean(),
			fc.constant(null),
			fc.constantFrom('":{[', '\\', '\\"', ']}', ':', '\u2028')
		);
		const names = fc
			.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(':', '"', '\\"', 'constructor'))
			.filter((name) => name !== '__proto__');
		const { tree } = fc.letrec((tie) => ({
			tree: fc.oneof(
				{ maxDepth: 4 },
				leaf,
				fc.array(tie('tree')),
				fc.dictionary(names, tie('tree'))
			)
		}));
		fc.assert(
			fc.property(fc.dictionary(names, tree), (value) => {
				expect(JSON.stringify(readJson(writeJson(value)))).toBe(JSON.stringify(value));
			}),
			{ seed: 1, numRuns: 300 }
		);
	});

	test('agrees with JSON.parse on white space and escapes', () => {
		const text = ' {\n"a" :\t[ 1 , "\\u007b\\"[:" , { } ] , "\\\\" : "\\\\" }\r\n';
		expect(read(text)).toEqual(JSON.parse(text));
	});

	test('takes depth 8 and refuses depth 9', () => {
		expect(read(nested(8))).toBeDefined();
		expect(() => read(nested(9))).toThrow(refused);
		expect(() => read(nested(9, '{"a":', '}'))).toThrow(refused);
	});

	test('does not count brackets in strings as depth', () => {
		expect(read(`{"a":"${'['.repeat(100)}","${'{'.repeat(100)}":1}`)).toBeDefined();
	});

	test.each([10_000, 1_000_000])('refuses depth %d', (depth) => {
		expect(() => read(nested(depth))).toThrow(refused);
		expect(() => read('['.repeat(depth))).toThrow(refused);
		expect(() => read(']'.repeat(depth) + '['.repeat(depth))).toThrow(refused);
	});

	test.each([
		['in the object', '{"a":1,"a":2}'],
		['deeper', '{"x":[{"a":1,"a":1}]}'],
		['with a whole object between', '{"a":{"b":1,"c":[{"d":1}]},"a":null}'],
		['once escaped', '{"a":1,"\\u0061":2}'],
		['both empty', '{"":1,"":2}'],
		['three times', '{"a":1,"a":2,"a":3}'],
		['in both of two objects', '{"x":{"a":1,"a":2},"y":{"b":1,"b":2}}']
	])('refuses a name given twice %s', (_where, text) => {
		expect(() => read(text)).toThrow(refused);
	});

	// V8 13.6 (Node 24) then takes an escaped name for the backslash that it saw in that place before.
	test('is not misled by an engine that remembers a name that was a backslash', () => {
		expect(read('{"a":1,"\\\\":2}')).toEqual({ a: 1, '\\': 2 });
		expect(() => read('{"a":1,"\\u0061":2}')).toThrow(refused);
	});

	describe('refuses what an engine misread', () => {
		afterEach(() => {
			vi.restoreAllMocks();
		});

		test.each([
			['{"a":1,"\\u0061":2}', { a: 1, '\\': 2 }],
			['{"\\u0061":1,"b":"\\""}', { '\\': 1, b: '"' }],
			['{"x":[{"a":":","\\u0062":2}]}', { x: [{ a: ':', '\\': 2 }] }]
		])('in %s', (text, misread) => {
			const parse = JSON.parse.bind(JSON);
			vi.spyOn(JSON, 'parse').mockImplementation((part: string): unknown =>
				part === text ? misread : parse(part)
			);
			expect(() => read(text)).toThrow(refused);
		});
	});

	test('says of what is no JSON that it is none', () => {
		expect(() => read('{"a":01}')).toThrow('not JSON');
	});

	test('takes one name in two objects', () => {
		expect(read('{"a":{"b":1},"c":{"b":1}}')).toEqual({ a: { b: 1 }, c: { b: 1 } });
	});

	test.each([
		'{"__proto__":{}}',
		'{"a":[{"__proto__":1}]}',
		'{"\\u005f\\u005fproto__":null}',
		'{"a":1,"__proto__":{"b":1}}'
	])('refuses %s', (text) => {
		expect(() => read(text)).toThrow(refused);
	});

	test('takes "constructor" and "prototype" as names like any other', () => {
		const value = readJson(utf8('{"constructor":{"prototype":{"polluted":1}},"toString":2}'));
		expect(Object.keys(value)).toEqual(['constructor', 'toString']);
		expect(Object.hasOwn({}, 'polluted')).toBe(false);
		expect(fromUtf8(writeJson(value))).toContain('"constructor"');
	});

	test.each([
		'9007199254740992',
		'-9007199254740992',
		'9007199254740993',
		'1e16',
		'1e400',
		'-1e999'
	])('refuses the number %s', (number) => {
		expect(() => read(`{"a":[${number}]}`)).toThrow(refused);
	});

	test.each(['9007199254740991', '-9007199254740991', '0', '1.5', '1e3', '2e-8'])(
		'takes the number %s',
		(number) => {
			expect(read(`{"a":${number}}`)).toEqual({ a: Number(number) });
		}
	);

	test.each([
		'{"a":"\\ud800"}',
		'{"\\udfff":1}',
		'{"a":["\\uD83D\\uD83D\\udd11"]}',
		'{"a":"\\udc00\\ud800"}'
	])('refuses the lone surrogate in %s', (text) => {
		expect(() => read(text)).toThrow(refused);
	});

	test('takes an escaped pair, and a backslash in front of what only looks like an escape', () => {
		expect(read('{"a":"\\ud83d\\udd11","b":"\\\\ud800","c":null}')).toEqual({
			a: '🔑',
			b: '\\ud800',
			c: null
		});
	});

	test.each([
		'',
		'{',
		'{"a"',
		'{"a',
		'{"a\\',
		'"',
		'null',
		'1',
		'[]',
		'"a"',
		'{"a":1,}',
		"{'a':1}",
		'{}{}',
		'{"a":01}',
		'{"a":NaN}',
		'{"a":"\n"}',
		'\ufeff{}',
		'{} \u0000'
	])('refuses %j', (text) => {
		expect(() => read(text)).toThrow(refused);
	});

	test('refuses bytes that are not UTF-8', () => {
		const bytes = concat(utf8('{"a":"'), fromHex('eda080'), utf8('"}'));
		expect(() => readJson(bytes)).toThrow(refused);
	});

	test.each([
		['letters', 'x'.repeat(4_194_304)],
		['quotes', '\\"'.repeat(2_097_152)],
		['backslashes', '\\\\'.repeat(2_097_152)],
		['brackets', '[{:'.repeat(1_398_101)]
	])('reads a string of 4 MiB of %s', (_what, content) => {
		expect(Object.keys(readJson(utf8(`{"a":"${content}"}`)))).toEqual(['a']);
	});

	test('refuses a string of 4 MiB that never ends', () => {
		expect(() => read(`{"a":"${'\\"'.repeat(2_097_152)}`)).toThrow(refused);
	});
});

describe('writeJson', () => {
	test('writes no white space and keeps the order of members', () => {
		expect(fromUtf8(writeJson({ v: 1, b: [1, { c: 'é' }], a: null }))).toBe(
			'{"v":1,"b":[1,{"c":"é"}],"a":null}'
		);
	});

	test.each([
		['depth 9', { a: [[[[[[[[]]]]]]]] }],
		['2^53', { a: 2 ** 53 }],
		['a lone surrogate', { a: '\ud800' }],
		['__proto__', JSON.parse('{"__proto__":1}') as object],
		['a list', [1]]
	])('refuses %s, as the reader would', (_what, value) => {
		expect(() => writeJson(value)).toThrow(refused);
	});
});
