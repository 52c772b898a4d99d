import { describe, expect, test } from 'vitest';
import type { ReadResult } from '#lib/browser/previous-values.ts';
import { editKey, newKey, type NewKey } from '#lib/items/draft.ts';
import { draftOfFields, type FormFields } from './form-fields.ts';
import { isTyped, replacesValue, resumed, withoutTypedValues, type Edit } from './edit-start.ts';

function opened({ overview, secret }: NewKey, revision: number): ReadResult {
	return { row: { vault: 'vault', item: 'item', revision, overview }, secret };
}

const FIRST = newKey(
	{ name: 'Stripe', tags: ['a'], fields: [{ name: 'key', value: 'OLD', hidden: true }] },
	1
);

/** The key after another value took the place of its own. */
function rotated(): ReadResult {
	const { fields } = typed({ values: valueOf('NEW') });
	return opened(editKey(FIRST, draftOfFields(fields), 2), 2);
}

function typed(members: Partial<FormFields>): Edit {
	const { start, fields } = resumed(opened(FIRST, 1), undefined);
	return { start, fields: { ...fields, ...members } };
}

function valueOf(value: string): FormFields['values'] {
	return [{ id: 0, name: 'key', value, hidden: true }];
}

function valueAfter({ start, fields }: Edit): string | undefined {
	const key = { overview: start.row.overview, secret: start.secret };
	return editKey(key, draftOfFields(fields), 3).secret.fields[0]?.value;
}

describe('an edit', () => {
	test('replaces a value that is typed over', () => {
		expect(replacesValue(typed({ values: valueOf('NEW') }))).toBe(true);
	});

	test('replaces no value where only something else was typed', () => {
		expect(replacesValue(typed({ name: 'Stripe live' }))).toBe(false);
	});

	test('replaces no value where a further one was typed', () => {
		const more = { id: 1, name: 'more', value: 'MORE', hidden: true };
		expect(replacesValue(typed({ values: [...valueOf('OLD'), more] }))).toBe(false);
	});

	test('replaces no value by a line break that is none of its own', () => {
		expect(replacesValue(typed({ values: valueOf('OLD\n') }))).toBe(false);
	});
});

describe('resumed', () => {
	test('brings no replaced value back, if only the note was typed', () => {
		const edit = resumed(rotated(), typed({ note: 'a note' }));
		expect(edit.fields.note).toBe('a note');
		expect(edit.start.row.revision).toBe(2);
		expect(valueAfter(edit)).toBe('NEW');
	});

	test('brings no replaced value back, if nothing was typed', () => {
		expect(valueAfter(resumed(rotated(), typed({})))).toBe('NEW');
	});

	test('takes what another device wrote where nothing was typed', () => {
		const start = opened({ ...FIRST, overview: { ...FIRST.overview, note: 'theirs' } }, 2);
		const edit = resumed(start, typed({ tags: 'b' }));
		expect(edit.fields).toMatchObject({ note: 'theirs', tags: 'b' });
	});

	test('keeps what was taken away in the form', () => {
		const start = opened({ ...FIRST, overview: { ...FIRST.overview, note: 'theirs' } }, 2);
		expect(resumed(start, typed({ tags: '' })).fields.tags).toBe('');
	});

	test('stays an edit of the older key where both changed the same: it is saved beside', () => {
		const start = opened({ ...FIRST, overview: { ...FIRST.overview, note: 'theirs' } }, 2);
		const kept = typed({ note: 'mine' });
		expect(resumed(start, kept)).toBe(kept);
	});

	test('stays an edit of the older key where a value was typed and another one came', () => {
		const kept = typed({ values: valueOf('MINE') });
		expect(resumed(rotated(), kept).start.row.revision).toBe(1);
	});
});

test('resumed gives back what was typed and is not valid', () => {
	const wrong = { rotateEveryDays: 'abc', expiresOn: '18 Apr', url: 'no address' };
	expect(resumed(rotated(), typed(wrong)).fields).toMatchObject(wrong);
});

describe('isTyped', () => {
	test('is false for a form that was only opened', () => {
		expect(isTyped(typed({}))).toBe(false);
	});

	test('is true as soon as one member is another', () => {
		expect(isTyped(typed({ note: 'a' }))).toBe(true);
	});
});

describe('withoutTypedValues', () => {
	test('drops the values that were typed, and keeps the rest', () => {
		const both = typed({ values: valueOf('MINE'), note: 'a note' });
		const edit = resumed(rotated(), withoutTypedValues(both));
		expect(edit.fields.note).toBe('a note');
		expect(valueAfter(edit)).toBe('NEW');
	});
});
