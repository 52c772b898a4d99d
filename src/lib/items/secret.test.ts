import { describe, expect, test } from 'vitest';
import { ItemError, PREVIOUS_VALUES, SECRET_BYTES, type Secret } from '#lib/items/key.ts';
import { checkSecret, jsonBytes, parseSecret, replaceValue } from '#lib/items/secret.ts';
import { valueNamed } from '#lib/items/value-named.ts';

function secretOf(value: string): Secret {
	return { v: 1, fields: [{ name: 'key', value }] };
}

/** A secret of exactly `bytes` bytes of JSON. */
function secretOfBytes(bytes: number): Secret {
	return secretOf('x'.repeat(bytes - jsonBytes(secretOf(''))));
}

function codeOf(action: () => unknown): string {
	try {
		action();
	} catch (error) {
		if (error instanceof ItemError) return error.code;
		throw error;
	}
	return 'nothing';
}

describe('replaceValue', () => {
	test('puts the old values before older ones', () => {
		const second = replaceValue(secretOf('1'), secretOf('2').fields, 10);
		const third = replaceValue(second, secretOf('3').fields, 20);
		expect(third.fields).toEqual([{ name: 'key', value: '3' }]);
		expect(third.previous?.map(({ replacedAt, fields }) => [replacedAt, fields[0]?.value])).toEqual(
			[
				[20, '2'],
				[10, '1']
			]
		);
	});

	test('keeps ten previous values and drops the oldest', () => {
		let secret = secretOf('0');
		for (let i = 1; i <= 12; i++) secret = replaceValue(secret, secretOf(`${i}`).fields, i);
		expect(secret.previous).toHaveLength(PREVIOUS_VALUES);
		expect(secret.previous?.at(-1)?.fields[0]?.value).toBe('2');
	});

	test('drops the oldest first where all would not fit', () => {
		const value = (letter: string) => secretOf(letter.repeat(20_000)).fields;
		let secret: Secret = { v: 1, fields: value('a') };
		for (const letter of ['b', 'c', 'd']) secret = replaceValue(secret, value(letter), 1);
		expect(secret.previous?.map(({ fields }) => fields[0]?.value.at(0))).toEqual(['c', 'b']);
		expect(jsonBytes(secret)).toBeLessThanOrEqual(SECRET_BYTES);
	});

	test('leaves no empty list where no previous value fits', () => {
		const secret = replaceValue(secretOf('old'), secretOfBytes(SECRET_BYTES).fields, 1);
		expect(secret).not.toHaveProperty('previous');
	});

	test('refuses values that do not fit even alone', () => {
		const { fields } = secretOfBytes(SECRET_BYTES + 1);
		expect(codeOf(() => replaceValue(secretOf('old'), fields, 1))).toBe('secret-too-large');
	});

	test('keeps members that this version does not know', () => {
		const secret = parseSecret({ ...secretOf('1'), later: true });
		expect(replaceValue(secret, secretOf('2').fields, 1)).toMatchObject({ later: true });
	});
});

describe('checkSecret', () => {
	test('takes 65,532 bytes of JSON and not one more', () => {
		expect(codeOf(() => checkSecret(secretOfBytes(SECRET_BYTES)))).toBe('nothing');
		expect(codeOf(() => checkSecret(secretOfBytes(SECRET_BYTES + 1)))).toBe('secret-too-large');
	});

	test('counts bytes, not characters', () => {
		expect(codeOf(() => checkSecret(secretOf('鍵'.repeat(30_000))))).toBe('secret-too-large');
	});
});

describe('parseSecret', () => {
	test('reads what was written', () => {
		const secret = replaceValue(secretOf('1'), secretOf('2').fields, 5, 9);
		expect(parseSecret(JSON.parse(JSON.stringify(secret)))).toEqual(secret);
	});

	test('keeps unknown members at every level', () => {
		const json = {
			v: 1,
			a: 1,
			fields: [{ name: 'key', value: 'x', b: 2 }],
			previous: [{ replacedAt: 1, c: 3, fields: [{ name: 'key', value: 'y', d: 4 }] }]
		};
		expect(parseSecret(json)).toEqual(json);
	});

	test.each([
		['no fields', { v: 1 }],
		['a value that is a number', { v: 1, fields: [{ name: 'key', value: 1 }] }],
		['a previous value without its moment', { v: 1, fields: [], previous: [{ fields: [] }] }],
		[
			'eleven previous values',
			{
				v: 1,
				fields: [],
				previous: Array.from({ length: 11 }, () => ({ replacedAt: 1, fields: [] }))
			}
		]
	])('refuses %s', (_what, json) => {
		expect(codeOf(() => parseSecret(json))).toBe('format');
	});
});

describe('valueNamed', () => {
	const secret: Secret = {
		v: 1,
		fields: [
			{ name: 'key', value: '1' },
			{ name: 'id', value: '2' },
			{ name: 'key', value: '3' }
		]
	};

	test('takes the value that stands where its description does', () => {
		expect(valueNamed(secret, 'key', 2)).toBe('3');
	});

	test('takes the first of that name where another one stands there', () => {
		expect(valueNamed(secret, 'id', 0)).toBe('2');
		expect(valueNamed(secret, 'key', 1)).toBe('1');
	});

	test('takes none of another name', () => {
		expect(valueNamed(secret, 'region', 0)).toBeUndefined();
	});
});
