import { describe, expect, test } from 'vitest';
import { emptyFields } from './(vault)/wallet/form-fields.ts';
import type { ReadResult } from '#lib/browser/previous-values.ts';
import { newKey } from '#lib/items/draft.ts';
import { Drafts } from './drafts.svelte.ts';

const FAULTY = {
	...emptyFields(),
	url: 'no address',
	expiresOn: '18 Apr',
	rotateEveryDays: 'abc',
	values: [{ id: 3, name: ' ', value: 'one\n', hidden: false }]
};
const PASTE = {
	text: 'not read yet',
	now: {
		fields: FAULTY,
		filled: emptyFields(),
		rows: [{ draft: { name: 'A', fields: [] }, duplicate: undefined, taken: false }],
		leftOut: { skipped: 1, which: [3], left: 2 },
		found: undefined
	},
	before: undefined,
	left: undefined
};

describe('Drafts', () => {
	test('gives back what was typed, letter by letter, also where it is not valid', () => {
		const drafts = new Drafts();
		drafts.keep('new', { fields: FAULTY, paste: PASTE });
		expect(drafts.of('new')).toEqual({ fields: FAULTY, paste: PASTE });
	});

	test('knows nothing of it after a lock', () => {
		const drafts = new Drafts();
		drafts.keep('new', { fields: FAULTY });
		drafts.forget();
		expect(drafts.of('new')).toBeUndefined();
	});

	test('keeps nothing of a page that goes away because of the lock', () => {
		const drafts = new Drafts();
		drafts.forget();
		drafts.keep('new', { fields: FAULTY });
		expect(drafts.of('new')).toBeUndefined();
		drafts.begin();
		expect(drafts.of('new')).toBeUndefined();
		drafts.keep('new', { fields: FAULTY });
		expect(drafts.of('new')).toEqual({ fields: FAULTY });
	});

	test('hand on what was typed when its key moves, and what is kept later, and back again', () => {
		const drafts = new Drafts();
		drafts.keep('here', { fields: FAULTY });
		drafts.move('here', 'there', { vault: 'other', item: 'there' });
		expect(drafts.of('here')).toBeUndefined();
		expect(drafts.of('there')).toEqual({ fields: FAULTY });
		drafts.drop('there');
		drafts.keep('here', { fields: FAULTY });
		expect(drafts.of('there')).toEqual({ fields: FAULTY });
		drafts.move('there', 'here', { vault: 'first', item: 'here' });
		expect(drafts.of('there')).toBeUndefined();
		expect(drafts.of('here')).toEqual({ fields: FAULTY });
	});

	test('name the key where it is now, as the one that an edit started from', () => {
		const drafts = new Drafts();
		const { overview, secret } = newKey(
			{ name: 'A', fields: [{ name: 'key', value: 'one', hidden: true }] },
			1
		);
		const row = { vault: 'first', item: 'here', revision: 3, overview };
		const start: ReadResult = { row, secret };
		drafts.keep('here', { fields: FAULTY, start });
		drafts.move('here', 'there', { vault: 'other', item: 'there' });
		expect(drafts.of('there')?.start?.row).toEqual({ ...row, vault: 'other', item: 'there' });
	});

	test('asks for no form that cannot be opened any more', () => {
		const drafts = new Drafts();
		drafts.keep('erased', { fields: FAULTY });
		expect(drafts.unsaved((form) => form !== 'erased')).toBe(false);
	});

	test('says that something is not saved while it is kept', () => {
		const drafts = new Drafts();
		expect(drafts.unsaved(() => true)).toBe(false);
		drafts.keep('new', { fields: FAULTY });
		expect(drafts.unsaved(() => true)).toBe(true);
		drafts.drop('new');
		expect(drafts.unsaved(() => true)).toBe(false);
	});

	test('says that something is not saved while it stands in a form that is open', () => {
		const drafts = new Drafts();
		let typed = false;
		const release = drafts.watch(() => typed);
		expect(drafts.unsaved(() => true)).toBe(false);
		typed = true;
		expect(drafts.unsaved(() => true)).toBe(true);
		release();
		expect(drafts.unsaved(() => true)).toBe(false);
	});

	test('says that something is not saved while a paste waits for its page', () => {
		const drafts = new Drafts();
		drafts.hand('A=1');
		expect(drafts.unsaved(() => true)).toBe(true);
		drafts.takePasted();
		expect(drafts.unsaved(() => true)).toBe(false);
	});

	test('hands what was pasted to the page that is open, and keeps none of it', () => {
		const drafts = new Drafts();
		const taken: string[] = [];
		const release = drafts.takeWith((text) => taken.push(text));
		expect(drafts.hand('one')).toBe(true);
		expect(taken).toEqual(['one']);
		expect(drafts.takePasted()).toBe('');
		release();
		expect(drafts.hand('two')).toBe(false);
		expect(taken).toEqual(['one']);
		expect(drafts.takePasted()).toBe('two');
	});

	test('keeps a second thing that was pasted before that page was there behind the first', () => {
		const drafts = new Drafts();
		drafts.hand('A=1');
		drafts.hand('B=2');
		expect(drafts.takePasted()).toBe('A=1\nB=2');
	});
});
