import { describe, expect, test } from 'vitest';
import { noteJson, noteOfEdits, readNote, type ActivityNote } from '#lib/items/activity-note.ts';
import { newKey } from '#lib/items/draft.ts';

const { overview } = newKey(
	{ name: 'Stripe', fields: [{ name: 'key', value: 'x', hidden: true }] },
	5
);

describe('noteOfEdits', () => {
	test('names what of a key is another now', () => {
		const after = { ...overview, note: 'new', expiresOn: '2027-01-01', changedAt: 9 };
		expect(noteOfEdits([{ item: 'a', before: overview, after, values: true }])).toEqual({
			act: 'changed',
			item: 'a',
			did: 'edited',
			count: 1,
			members: ['note', 'expiresOn', 'values']
		});
	});

	test('tells a new key, the trash, the way back and the end', () => {
		const trashed = { ...overview, trashedAt: 7 };
		const kinds = [
			{ after: overview },
			{ before: overview, after: trashed },
			{ before: trashed, after: overview },
			{ before: trashed }
		].map((edit) => noteOfEdits([{ item: 'a', values: false, ...edit }]));
		expect(kinds.map((note) => note?.act === 'changed' && note.did)).toEqual([
			'created',
			'trashed',
			'restored',
			'deleted'
		]);
	});

	test('counts many, and names none of them', () => {
		const edits = ['a', 'b'].map((item) => ({ item, after: overview, values: true }));
		expect(noteOfEdits(edits)).toEqual({ act: 'changed', did: 'created', count: 2 });
		expect(noteOfEdits([])).toBeUndefined();
	});
});

describe('readNote', () => {
	const notes: ActivityNote[] = [
		{ act: 'copied', item: 'a', form: 'value', field: 'token' },
		{ act: 'changed', item: 'a', did: 'edited', count: 1, members: ['note'] },
		{ act: 'changed', did: 'created', count: 12 },
		{ act: 'exported', form: 'env', count: 3 }
	];

	test.each(notes)('reads what was written: $act', (note) => {
		expect(readNote({ ...noteJson(note) })).toEqual(note);
	});

	test.each([
		{ act: 'other' },
		{ act: 'copied', form: 'value' },
		{ act: 'copied', item: 1, form: 'value' },
		{ act: 'changed', did: 'edited', count: -1 },
		{ act: 'changed', did: 'other', count: 1 },
		{ act: 'exported', form: 'csv', count: 1 }
	])('has nothing to say of %o', (json) => {
		expect(readNote(json)).toBeUndefined();
	});
});
