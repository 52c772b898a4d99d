import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftOf, editKey, newKey } from '#lib/items/draft.ts';
import { ENTRY_BYTES, ItemError, type Draft, type Overview } from '#lib/items/key.ts';
import { archive, revoke, trash } from '#lib/items/lifecycle.ts';
import { checkOverview, entryBytes, LATER_BYTES, parseOverview } from '#lib/items/overview.ts';
import { parseSecret } from '#lib/items/secret.ts';

const NOW = 1_700_000_000_000;
const VALUE = 'v'.repeat(30) + '4f2a';

const DRAFT: Draft = {
	name: ' Stripe live ',
	provider: 'stripe',
	envVars: ['STRIPE_SECRET_KEY', ' ', 'STRIPE_SECRET_KEY'],
	project: 'shop',
	environment: 'production',
	tags: ['billing'],
	url: 'https://dashboard.stripe.com/apikeys',
	note: 'the one of the shop',
	expiresOn: '2027-01-31',
	rotateEveryDays: 90,
	fields: [{ name: 'key', value: VALUE, hidden: true }]
};

/** The longest note that a new key takes. */
function fullNote(): string {
	const spare = entryBytes(newKey({ ...DRAFT, note: 'n' }, NOW).overview) - 1;
	return 'n'.repeat(ENTRY_BYTES - LATER_BYTES - spare);
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

describe('newKey', () => {
	test('takes over what was typed, without spaces around it and without repeats', () => {
		const { overview } = newKey(DRAFT, NOW);
		expect(overview).toMatchObject({
			v: 1,
			name: 'Stripe live',
			envVars: ['STRIPE_SECRET_KEY'],
			tags: ['billing'],
			expiresOn: '2027-01-31',
			rotateEveryDays: 90,
			status: 'active',
			createdAt: NOW,
			changedAt: NOW
		});
	});

	test('never puts a value into the overview', () => {
		expect(JSON.stringify(newKey(DRAFT, NOW).overview)).not.toContain(VALUE);
	});

	test('keeps the value as it was typed', () => {
		const fields = [{ name: 'key', value: '  spaces and\nlines ', hidden: true }];
		expect(newKey({ ...DRAFT, fields }, NOW).secret.fields[0]?.value).toBe(fields[0]?.value);
	});

	test('leaves out members that were left empty', () => {
		const { overview } = newKey({ name: 'x', project: ' ', fields: DRAFT.fields }, NOW);
		expect(Object.keys(overview)).not.toContain('project');
	});

	test.each([
		['without a name', { ...DRAFT, name: ' ' }, 'empty'],
		['without a value', { ...DRAFT, fields: [{ name: 'key', value: '', hidden: true }] }, 'empty'],
		['with a day that does not exist', { ...DRAFT, expiresOn: '2027-02-30' }, 'format'],
		['with a rotation of no days', { ...DRAFT, rotateEveryDays: 0 }, 'format'],
		[
			'with half a character in its value',
			{ ...DRAFT, fields: [{ name: 'key', value: '\ud800', hidden: true }] },
			'format'
		],
		['with a note that does not fit', { ...DRAFT, note: 'n'.repeat(4_000) }, 'entry-too-large'],
		[
			'with a value that does not fit',
			{ ...DRAFT, fields: [{ name: 'key', value: 'x'.repeat(65_532), hidden: true }] },
			'secret-too-large'
		],
		[
			'with too many values',
			{
				...DRAFT,
				fields: Array.from({ length: 33 }, (_, i) => ({ name: `${i}`, value: 'x', hidden: true }))
			},
			'too-many'
		]
	])('refuses a draft %s', (_what, draft, code) => {
		expect(codeOf(() => newKey(draft, NOW))).toBe(code);
	});

	test('takes a note that leaves room for what comes later, and not one byte more', () => {
		const note = fullNote();
		expect(entryBytes(newKey({ ...DRAFT, note }, NOW).overview)).toBe(ENTRY_BYTES - LATER_BYTES);
		expect(codeOf(() => newKey({ ...DRAFT, note: `${note}n` }, NOW))).toBe('entry-too-large');
	});

	test('of the largest that it takes, one can be revoked, archived and put in the trash', () => {
		const full = newKey({ ...DRAFT, note: fullNote() }, NOW).overview;
		const later = trash(archive(revoke(full, NOW), NOW), NOW);
		expect(entryBytes(checkOverview(later))).toBe(ENTRY_BYTES);
	});

	test('of the largest that it takes, an edit is taken that makes it no larger, also when it has its dates', () => {
		const note = fullNote();
		const { overview, secret } = newKey({ ...DRAFT, note }, NOW);
		const archived = { overview: archive(overview, NOW), secret };
		const edited = editKey(archived, { ...DRAFT, note: note.replace('n', 'm') }, NOW);
		expect(edited.overview.note).toMatch(/^m/);
		expect(codeOf(() => editKey(archived, { ...DRAFT, note: `${note}n` }, NOW))).toBe(
			'entry-too-large'
		);
	});

	test('takes an edit of a key that another client filled to the last byte', () => {
		const { overview, secret } = newKey({ ...DRAFT, note: fullNote() }, NOW);
		const note = `${overview.note ?? ''}${'n'.repeat(LATER_BYTES)}`;
		const edited = editKey({ overview: { ...overview, note }, secret }, { ...DRAFT, note }, NOW);
		expect(entryBytes(edited.overview)).toBe(ENTRY_BYTES);
	});
});

describe('entryBytes', () => {
	test('is what the entry takes in its sheet once fingerprints are filled in', () => {
		const { overview } = newKey(DRAFT, NOW);
		const fields = overview.fields.map((field) => ({ ...field, fingerprint: 'f'.repeat(22) }));
		const entry = {
			id: 'i'.repeat(22),
			revision: Number.MAX_SAFE_INTEGER,
			secretHash: 'h'.repeat(43),
			overview: { ...overview, fields }
		};
		expect(entryBytes(overview)).toBe(new TextEncoder().encode(JSON.stringify(entry)).length);
	});

	test('counts bytes, not characters', () => {
		const { overview } = newKey(DRAFT, NOW);
		expect(entryBytes({ ...overview, name: '鍵' })).toBe(entryBytes({ ...overview, name: 'abc' }));
	});
});

describe('checkOverview', () => {
	test('says how many bytes there are and may be', () => {
		const { overview } = newKey(DRAFT, NOW);
		try {
			checkOverview({ ...overview, note: 'n'.repeat(5_000) });
			expect.unreachable();
		} catch (error) {
			expect((error as ItemError).size?.limit).toBe(ENTRY_BYTES);
			expect((error as ItemError).size?.is).toBeGreaterThan(5_000);
		}
	});
});

describe('editKey', () => {
	const key = newKey(DRAFT, NOW);

	test('leaves the secret alone when only the overview changed', () => {
		const edited = editKey(key, { ...draftOf(key), name: 'Other' }, NOW + 1);
		expect(edited.secretChanged).toBe(false);
		expect(edited.secret).toBe(key.secret);
		expect(edited.overview.changedAt).toBe(NOW);
	});

	test('keeps the old value among the previous when it changed', () => {
		const fields = [{ name: 'key', value: 'new', hidden: true }];
		const edited = editKey(key, { ...draftOf(key), fields }, NOW + 1, NOW + 5);
		expect(edited.secret.previous).toEqual([
			{ replacedAt: NOW + 1, keepUntil: NOW + 5, fields: key.secret.fields }
		]);
		expect(edited.overview).toMatchObject({ changedAt: NOW + 1, previousCount: 1 });
	});

	test('drops the fingerprint of a value that changed, and keeps that of one that did not', () => {
		const printed: Overview = {
			...key.overview,
			fields: key.overview.fields.map((field) => ({ ...field, fingerprint: 'old' }))
		};
		const start = { overview: printed, secret: key.secret };
		const draft = draftOf(start);
		expect(editKey(start, draft, NOW).overview.fields[0]?.fingerprint).toBe('old');
		const fields = [{ name: 'key', value: 'new', hidden: true }];
		const changed = editKey(start, { ...draft, fields }, NOW);
		expect(changed.overview.fields[0]).not.toHaveProperty('fingerprint');
	});

	test('keeps members that this version does not know, everywhere', () => {
		const overview = parseOverview({
			...key.overview,
			later: { deep: [1] },
			fields: [{ name: 'key', hidden: true, colour: 'red' }]
		});
		const edited = editKey({ overview, secret: key.secret }, draftOf(key), NOW).overview;
		expect(edited).toMatchObject({ later: { deep: [1] }, fields: [{ colour: 'red' }] });
	});

	test('keeps unknown members of a value under its name when another value changed', () => {
		const secret = parseSecret({
			v: 1,
			later: 1,
			fields: [
				{ name: 'key', value: VALUE, origin: 'vault' },
				{ name: 'id', value: 'A', origin: 'console' }
			]
		});
		const fields = [
			{ name: 'id', value: 'B', hidden: false },
			{ name: 'key', value: VALUE, hidden: true },
			{ name: 'region', value: 'eu', hidden: false }
		];
		const edited = editKey({ overview: key.overview, secret }, { ...DRAFT, fields }, NOW).secret;
		expect(edited).toMatchObject({ later: 1 });
		expect(edited.fields).toEqual([
			{ name: 'id', value: 'B', origin: 'console' },
			{ name: 'key', value: VALUE, origin: 'vault' },
			{ name: 'region', value: 'eu' }
		]);
	});

	test('takes away what the form left empty', () => {
		const { note, ...draft } = draftOf(key);
		expect(note).toBe('the one of the shop');
		expect(editKey(key, draft, NOW).overview).not.toHaveProperty('note');
	});

	test('keeps trash, status and creation', () => {
		const overview: Overview = { ...key.overview, trashedAt: 5, status: 'revoked' };
		const edited = editKey({ overview, secret: key.secret }, draftOf(key), NOW + 1).overview;
		expect(edited).toMatchObject({ trashedAt: 5, status: 'revoked', createdAt: NOW });
	});
});

describe('a value that need not be masked', () => {
	const region = (hidden: boolean) => ({ name: 'region', value: 'eu-west-1', hidden });
	const draftWith = (hidden: boolean) => ({
		...DRAFT,
		fields: [{ name: 'key', value: VALUE, hidden: true }, region(hidden)]
	});

	test('stands in the overview, and its neighbour does not', () => {
		const { overview } = newKey(draftWith(false), NOW);
		expect(overview.fields[1]?.hint).toEqual({ prefix: 'eu-west-1', last: '' });
		expect(JSON.stringify(overview)).not.toContain(VALUE);
	});

	test('leaves it when it is to be masked, without being sealed anew', () => {
		const edited = editKey(newKey(draftWith(false), NOW), draftWith(true), NOW);
		expect(edited.secretChanged).toBe(false);
		expect(JSON.stringify(edited.overview)).not.toContain('eu-west-1');
	});
});

describe('draftOf', () => {
	test('finds by name whether a value is masked: the two records need not have one order', () => {
		const { overview, secret } = newKey(
			{
				name: 'AWS',
				fields: [
					{ name: 'id', value: 'A', hidden: false },
					{ name: 'key', value: VALUE, hidden: true }
				]
			},
			NOW
		);
		const turned = { ...secret, fields: [...secret.fields].reverse() };
		expect(draftOf({ overview, secret: turned }).fields).toEqual([
			{ name: 'key', value: VALUE, hidden: true },
			{ name: 'id', value: 'A', hidden: false }
		]);
	});
});

describe('parseOverview', () => {
	const { overview } = newKey(DRAFT, NOW);

	test('reads what was written', () => {
		expect(parseOverview(JSON.parse(JSON.stringify(overview)))).toEqual(overview);
	});

	test('reads what another client left out as empty, active and not known', () => {
		expect(parseOverview({ v: 1, name: 'Stripe live' })).toEqual({
			v: 1,
			name: 'Stripe live',
			envVars: [],
			tags: [],
			fields: [],
			status: 'active',
			createdAt: 0,
			changedAt: 0
		});
	});

	test('hands back what is whole as it is, without a copy', () => {
		const { overview } = newKey(DRAFT, NOW);
		expect(parseOverview(overview)).toBe(overview);
	});

	test('leaves alone what it was given where something is missing', () => {
		const given = Object.freeze({ v: 1, name: 'a', fields: Object.freeze([{ name: 'key' }]) });
		expect(parseOverview(given).fields).toEqual([{ name: 'key', hidden: true }]);
		expect(given.fields).toEqual([{ name: 'key' }]);
	});

	test('keeps unknown members', () => {
		expect(parseOverview({ v: 1, name: 'x', later: 1 })).toMatchObject({ later: 1 });
	});

	test.each([
		['null', null],
		['a list', []],
		['a text', 'x'],
		['no version', { name: 'x' }],
		['version 0', { v: 0, name: 'x' }],
		['version "1"', { v: '1', name: 'x' }],
		['no name', { v: 1 }],
		['a name that is a number', { v: 1, name: 1 }],
		['variables that are one text', { v: 1, name: 'x', envVars: 'A' }],
		['a tag that is a number', { v: 1, name: 'x', tags: [1] }],
		['tags that are null', { v: 1, name: 'x', tags: null }],
		['a status of its own', { v: 1, name: 'x', status: 'gone' }],
		['a status from the prototype', { v: 1, name: 'x', status: 'constructor' }],
		['half a millisecond', { v: 1, name: 'x', createdAt: 0.5 }],
		['a moment before 1970', { v: 1, name: 'x', trashedAt: -1 }],
		['a moment no date can hold', { v: 1, name: 'x', changedAt: 8_640_000_000_000_001 }],
		['more than 2^53', { v: 1, name: 'x', createdAt: 2 ** 53 }],
		['a day that does not exist', { v: 1, name: 'x', expiresOn: '2027-13-01' }],
		['a day with a time', { v: 1, name: 'x', expiresOn: '2027-01-01T00:00' }],
		['a revocation without its moment', { v: 1, name: 'x', revoked: {} }],
		['a field without a name', { v: 1, name: 'x', fields: [{ hidden: true }] }],
		['a hint that is a text', { v: 1, name: 'x', fields: [{ name: 'a', hint: '4f2a' }] }],
		['33 fields', { v: 1, name: 'x', fields: Array.from({ length: 33 }, () => ({ name: 'a' })) }]
	])('refuses %s', (_what, json) => {
		expect(codeOf(() => parseOverview(json))).toBe('format');
	});

	test('says of a newer version that it is newer', () => {
		expect(codeOf(() => parseOverview({ v: 2, name: 'x' }))).toBe('unsupported');
	});

	test('refuses __proto__', () => {
		const json: unknown = JSON.parse('{"v":1,"name":"x","__proto__":{"status":"revoked"}}');
		expect(codeOf(() => parseOverview(json))).toBe('format');
	});

	test('answers every JSON with an overview or one kind of error', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (json) => {
				expect(['nothing', 'format', 'unsupported']).toContain(codeOf(() => parseOverview(json)));
			})
		);
	});

	test('gives back every draft that was saved', () => {
		const text = fc.string({ maxLength: 20, unit: 'grapheme' });
		const draft = fc.record({ name: text, note: text, tags: fc.array(text, { maxLength: 5 }) });
		fc.assert(
			fc.property(draft, (typed) => {
				const name = `n${typed.name}`;
				const saved = newKey({ ...typed, name, fields: DRAFT.fields }, NOW).overview;
				expect(parseOverview(JSON.parse(JSON.stringify(saved)))).toEqual(saved);
			})
		);
	});
});
