import { describe, expect, test } from 'vitest';
import {
	addValue,
	dayAfter,
	draftOfFields,
	emptyFields,
	faultsOf,
	fieldsOf,
	filledFrom,
	removeValue,
	sameFields,
	typedValue
} from './form-fields.ts';

const filled = () => {
	const fields = emptyFields();
	fields.name = 'OpenAI main';
	const [value] = fields.values;
	if (value) value.value = 'a value';
	return fields;
};

describe('emptyFields', () => {
	test('has room for one masked value', () => {
		expect(emptyFields().values).toMatchObject([{ value: '', hidden: true }]);
	});
});

describe('removeValue', () => {
	test('masks the one that is left', () => {
		const fields = filled();
		addValue(fields);
		const [first] = fields.values;
		if (first) first.hidden = false;
		removeValue(fields, 1);
		expect(fields.values).toMatchObject([{ value: 'a value', hidden: true }]);
	});

	test('changes none of several that are left', () => {
		const fields = filled();
		addValue(fields);
		addValue(fields);
		const [first] = fields.values;
		if (first) first.hidden = false;
		removeValue(fields, 2);
		expect(fields.values.map(({ hidden }) => hidden)).toEqual([false, true]);
	});
});

describe('dayAfter', () => {
	test('leaves a day away that was taken away, while the token is the same', () => {
		expect(dayAfter('', '2031-05-06', '2031-05-06')).toBe('');
	});

	test('says the day of another token after that', () => {
		expect(dayAfter('', '2031-05-06', '2032-07-08')).toBe('2032-07-08');
	});

	test('leaves a day that was typed', () => {
		expect(dayAfter('2030-01-02', '2031-05-06', '2032-07-08')).toBe('2030-01-02');
	});
});

describe('filledFrom', () => {
	const draft = { name: 'Stripe live', provider: 'stripe', envVars: ['STRIPE_KEY'], fields: [] };

	test('fills what is still empty', () => {
		expect(filledFrom({ ...filled(), name: '' }, emptyFields(), draft)).toMatchObject({
			name: 'Stripe live',
			provider: 'Stripe',
			envVars: 'STRIPE_KEY'
		});
	});

	test('leaves what was typed', () => {
		const fields = { ...filled(), envVars: 'MINE' };
		expect(filledFrom(fields, emptyFields(), draft)).toMatchObject({
			name: 'OpenAI main',
			envVars: 'MINE'
		});
	});

	test('takes what an earlier reading filled in for nothing typed', () => {
		const earlier = { ...filled(), url: 'https://example.com/' };
		expect(filledFrom(earlier, earlier, draft)).toMatchObject({ name: 'Stripe live', url: '' });
	});
});

describe('draftOfFields', () => {
	test('takes the id of a provider whose name was typed', () => {
		expect(draftOfFields({ ...filled(), provider: ' openai ' }).provider).toBe('openai');
	});

	test('keeps a provider in the own words of a person', () => {
		expect(draftOfFields({ ...filled(), provider: 'Our gateway' }).provider).toBe('Our gateway');
	});

	test('leaves out what is empty and would be wrong so', () => {
		expect(draftOfFields(filled())).not.toHaveProperty('rotateEveryDays');
	});

	test('names further values that were not named', () => {
		const fields = filled();
		addValue(fields);
		expect(draftOfFields(fields).fields.map(({ name }) => name)).toEqual(['key', 'key 2']);
	});

	test('gives back what fieldsOf was given', () => {
		const draft = {
			name: 'OpenAI main',
			provider: 'openai',
			envVars: ['OPENAI_API_KEY'],
			project: 'atlas',
			environment: 'production',
			tags: ['llm', 'billing'],
			url: 'https://platform.openai.com/api-keys',
			note: 'one\ntwo',
			expiresOn: '2027-04-18',
			rotateEveryDays: 90,
			fields: [{ name: 'key', value: 'a value', hidden: true }]
		};
		expect(draftOfFields(fieldsOf(draft))).toEqual(draft);
	});
});

describe('sameFields', () => {
	test('is true for a form in which a value was added and taken away', () => {
		const fields = emptyFields();
		addValue(fields);
		fields.values.shift();
		fields.values[0] = { ...fields.values[0], id: 1, name: 'key', value: '', hidden: true };
		expect(sameFields(fields, emptyFields())).toBe(true);
	});

	test.each([
		['a note', { note: 'a note' }],
		['a project', { project: 'atlas' }],
		['days that are none', { rotateEveryDays: 'abc' }],
		['a second value', { values: [...emptyFields().values, ...filled().values] }]
	])('sees %s', (_what, typed) => {
		expect(sameFields({ ...emptyFields(), ...typed }, emptyFields())).toBe(false);
	});
});

describe('typedValue', () => {
	test.each([
		['ends a single line before its line break', 'abc\r\n\n', 'abc'],
		['keeps the line ends of several lines', 'one\ntwo\n', 'one\ntwo\n'],
		['keeps spaces', ' abc ', ' abc ']
	])('%s', (_what, text, value) => {
		expect(typedValue(text)).toBe(value);
	});
});

describe('faultsOf', () => {
	test('finds nothing wrong with a name and a value', () => {
		expect(faultsOf(filled())).toEqual({});
	});

	test('asks for a name', () => {
		expect(faultsOf({ ...filled(), name: '  ' })).toHaveProperty('name');
	});

	test('asks for a value', () => {
		expect(faultsOf({ ...filled(), values: [] })).toHaveProperty('value');
	});

	test.each(['0', '-1', '1.5', 'ninety', '36501', '1e3'])('takes no %s days', (days) => {
		expect(faultsOf({ ...filled(), rotateEveryDays: days })).toHaveProperty('rotateEveryDays');
	});

	test.each(['2027-02-30', '18 Apr', '27-04-18'])('takes no day %s', (day) => {
		expect(faultsOf({ ...filled(), expiresOn: day })).toHaveProperty('expiresOn');
	});

	test.each(['javascript:alert(1)', 'file:///etc/passwd', 'nonsense'])('takes no %s', (url) => {
		expect(faultsOf({ ...filled(), url })).toHaveProperty('url');
	});
});
