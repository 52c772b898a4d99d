import { describe, expect, test } from 'vitest';
import { editKey, draftOf, newKey } from './draft.ts';
import { ENTRY_BYTES, type PreviousValue } from './key.ts';
import { checkOverview, entryBytes, parseOverview } from './overview.ts';
import {
	isPast,
	keepUntilOf,
	recognisedValues,
	samePrevious,
	withoutPast,
	withoutPrevious,
	withPrevious
} from './previous.ts';

const NOW = Date.UTC(2026, 2, 10);
const DAY = 86_400_000;

function before(value: string, keepUntil?: number): PreviousValue {
	const fields = [{ name: 'key', value }];
	return { replacedAt: NOW - DAY, fields, ...(keepUntil === undefined ? {} : { keepUntil }) };
}

function keyWith(...previous: PreviousValue[]) {
	const { overview, secret } = newKey(
		{ name: 'a', fields: [{ name: 'key', value: 'now', hidden: true }] },
		NOW
	);
	const held = { ...secret, previous };
	return { overview: withPrevious(overview, held), secret: held };
}

describe('withPrevious', () => {
	test('says how many there are, and when the first of them goes', () => {
		const { overview } = keyWith(before('x', NOW + 9), before('y', NOW + 5), before('z'));
		expect(overview).toMatchObject({ previousCount: 3, previousUntil: NOW + 5 });
	});

	test('says nothing where there is nothing', () => {
		const { overview } = keyWith();
		expect(Object.keys(overview)).not.toContain('previousCount');
		expect(Object.keys(withPrevious({ ...overview, previousUntil: 1 }, { v: 1, fields: [] })))
			.not //
			.toContain('previousUntil');
	});

	test('is what an edit leaves behind, for as long as it was asked to', () => {
		const key = keyWith();
		const draft = { ...draftOf(key), fields: [{ name: 'key', value: 'next', hidden: true }] };
		const edited = editKey(key, draft, NOW, keepUntilOf(7, NOW));
		expect(edited.overview).toMatchObject({ previousCount: 1, previousUntil: NOW + 7 * DAY });
		expect(edited.overview.changedAt).toBe(NOW);
	});

	test('stays when only the overview is edited', () => {
		const key = keyWith(before('x', NOW + 5));
		const marked = { ...key, overview: { ...key.overview, previousFingerprints: ['print'] } };
		const edited = editKey(marked, { ...draftOf(marked), name: 'b' }, NOW);
		expect(edited.overview).toMatchObject({
			previousCount: 1,
			previousUntil: NOW + 5,
			previousFingerprints: ['print']
		});
	});
});

describe('recognisedValues', () => {
	test('are each value once, newest first, without those that the key still has', () => {
		const { secret } = keyWith(before('x'), before('y'), before('x'), before('now'));
		expect(recognisedValues(secret)).toEqual(['x', 'y']);
	});

	test('are ten at most', () => {
		const { secret } = keyWith(...Array.from({ length: 12 }, (_, index) => before(`v${index}`)));
		expect(recognisedValues(secret)).toHaveLength(10);
	});
});

describe('withoutPast', () => {
	test('drops what is past its date, and nothing else', () => {
		const key = keyWith(before('x', NOW + 1), before('y', NOW), before('z'));
		const left = withoutPast(key, NOW);
		expect(left?.secret.previous?.map(({ fields }) => fields[0]?.value)).toEqual(['x', 'z']);
		expect(left?.overview).toMatchObject({ previousCount: 2, previousUntil: NOW + 1 });
		expect(left?.secret.fields).toEqual(key.secret.fields);
	});

	test('is undefined before the date has come', () => {
		const key = keyWith(before('x', NOW + 1));
		expect(isPast(key.overview, NOW)).toBe(false);
		expect(isPast(key.overview, NOW + 1)).toBe(true);
		expect(withoutPast(key, NOW)).toBeUndefined();
	});

	test('leaves no empty list', () => {
		const left = withoutPast(keyWith(before('x', NOW)), NOW);
		expect(left?.secret).not.toHaveProperty('previous');
		expect(left?.overview).not.toHaveProperty('previousCount');
	});
});

describe('withoutPrevious', () => {
	test('drops the one that was named', () => {
		const left = withoutPrevious(keyWith(before('x'), before('x'), before('y')), 1);
		expect(left?.secret.previous?.map(({ fields }) => fields[0]?.value)).toEqual(['x', 'y']);
	});

	test('is undefined for one that is not there', () => {
		expect(withoutPrevious(keyWith(before('x')), 1)).toBeUndefined();
	});
});

describe('samePrevious', () => {
	test('takes over what is said, and what is not', () => {
		const { overview } = keyWith(before('x', NOW));
		const other = keyWith().overview;
		expect(samePrevious({ ...overview, name: 'b' }, other)).toEqual({ ...other, name: 'b' });
	});
});

describe('an overview with fingerprints of previous values', () => {
	test('is read back', () => {
		const overview = { ...keyWith(before('x', 5)).overview, previousFingerprints: ['a', 'b'] };
		expect(parseOverview(overview)).toEqual(overview);
	});

	test('loses the oldest of them before what a person wrote does not fit', () => {
		const { overview } = keyWith(before('x'));
		const prints = Array.from({ length: 10 }, (_, index) => String(index).padEnd(22, '.'));
		const room = ENTRY_BYTES - entryBytes({ ...overview, note: '' }) - 100;
		const full = { ...overview, note: 'n'.repeat(room), previousFingerprints: prints };
		const kept = checkOverview(full);
		expect(kept.note).toHaveLength(room);
		expect(kept.previousFingerprints).toEqual(prints.slice(0, 3));
	});
});
