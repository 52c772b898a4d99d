import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { idText } from '#lib/encoding/id.ts';
import type { Overview } from '#lib/items/key.ts';
import { intentsOf, resolve, sameJson } from '#lib/keyholder/intents.ts';
import { ItemIndex } from '#lib/keyholder/item-index.ts';
import type { OpenEntry, VaultState } from '#lib/keyholder/vault-state.ts';
import type { KeyEdit, KeyRow } from '#lib/keyholder/views.ts';
import { errorOf, newKey } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

const VAULT = idText(randomBytes(16));
const ITEM = idText(randomBytes(16));
const { overview, secret } = newKey('a');
const THEIRS = newKey('theirs').secret;
const other: Overview = { ...overview, name: 'renamed' };
const base: KeyRow = { vault: VAULT, item: ITEM, revision: 1, overview };

function entry(change: Partial<OpenEntry> = {}, revision = 1): OpenEntry {
	const sealed = { id: ITEM, revision, secretHash: 'A'.repeat(43), overview: { v: 1, name: 'a' } };
	return { entry: sealed, overview, ...change };
}

/** What comes of an edit in a vault that holds `current`, or nothing. */
function resolved(edit: KeyEdit, current?: OpenEntry) {
	const items = new ItemIndex(new Map(current === undefined ? [] : [[ITEM, current]]));
	const vault: Pick<VaultState, 'items'> = { items };
	return resolve(vault, intentsOf([edit], randomBytes), () => Promise.resolve(THEIRS));
}

describe('intentsOf', () => {
	test('draws an id for each edit', () => {
		const edit: KeyEdit = { kind: 'add', vault: VAULT, overview, secret };
		const intents = intentsOf([edit, edit], randomBytes);
		expect(intents.map((intent) => intent.edit)).toEqual([edit, edit]);
		expect(new Set(intents.map(({ newId }) => newId)).size).toBe(2);
		for (const { newId } of intents) expect(newId).toMatch(/^[\w-]{22}$/);
	});

	test('refuses two edits of one key', () => {
		const edit: KeyEdit = { kind: 'drop', base };
		expect(() => intentsOf([edit, edit], randomBytes)).toThrow(
			expect.objectContaining(refusal('invalid'))
		);
	});
});

describe('resolve', () => {
	test('adds a key under its new id, with the entry that it is like', async () => {
		const add = { kind: 'add', vault: VAULT, overview, secret } as const;
		const { puts, drops, beside } = await resolved(add);
		expect(puts).toStrictEqual([{ item: puts[0]?.item, overview, secret }]);
		expect([drops, beside]).toEqual([[], []]);
		const like = entry().entry;
		expect((await resolved({ ...add, like })).puts[0]).toMatchObject({ entry: like });
	});

	test('drops a key that is as it was, and no other', async () => {
		const drop = { kind: 'drop', base } as const;
		expect(await resolved(drop, entry())).toEqual({ puts: [], drops: [ITEM], beside: [] });
		for (const current of [undefined, entry({ overview: other }), entry({}, 2)]) {
			expect(await resolved(drop, current)).toEqual({ puts: [], drops: [], beside: [] });
		}
	});

	test('changes a key in place that is as it was', async () => {
		const current = entry();
		const renamed = await resolved({ kind: 'change', base, overview: other }, current);
		const put = { item: ITEM, overview: other, entry: current.entry };
		expect(renamed).toStrictEqual({ puts: [put], drops: [], beside: [] });
		const rewritten = await resolved({ kind: 'change', base, overview: other, secret }, current);
		expect(rewritten.puts).toStrictEqual([{ ...put, secret }]);
	});

	test('brings a deleted key back to life with its secret, and cannot without', async () => {
		const change = { kind: 'change', base, overview: other } as const;
		const { puts } = await resolved({ ...change, secret });
		expect(puts).toStrictEqual([{ item: ITEM, overview: other, secret }]);
		expect(await errorOf(() => resolved(change))).toMatchObject(refusal('gone'));
	});

	test('puts beside what another device wrote, with its own secret', async () => {
		const change = { kind: 'change', base, overview: other, secret } as const;
		for (const current of [entry({ overview: other }), entry({}, 2)]) {
			const { puts, drops, beside } = await resolved(change, current);
			expect(beside).toHaveLength(1);
			expect(beside).not.toContain(ITEM);
			expect(puts).toStrictEqual([{ item: beside[0], overview: other, secret }]);
			expect(drops).toEqual([]);
		}
	});

	test('puts beside it a copy of the secret there is now, described as that one', async () => {
		const fields = [{ name: 'token', hidden: true }];
		const change = { kind: 'change', base, overview: other } as const;
		const theirs = { ...overview, fields, previousCount: 3 };
		const { puts } = await resolved(change, entry({ overview: theirs }, 2));
		expect(puts[0]?.overview).toStrictEqual({ ...other, fields, previousCount: 3 });
		expect(puts[0]?.secret).toBe(THEIRS);
		const mine = { ...change, overview: { ...other, previousCount: 9 } };
		const without = await resolved(mine, entry({ overview: { ...overview, fields } }, 2));
		expect(without.puts[0]?.overview).toStrictEqual({ ...other, fields });
	});

	test('describes the copy as its own where the values are the same, or nobody can read theirs', async () => {
		const change = { kind: 'change', base, overview: other } as const;
		const renamed = { ...overview, name: 'theirs', fields: [] };
		const same = await resolved(change, entry({ overview: renamed }));
		expect(same.puts[0]).toMatchObject({ overview: other, secret: THEIRS });
		const blank = await resolved(change, entry({ overview: renamed, unreadable: true }, 2));
		expect(blank.puts[0]).toMatchObject({ overview: other, secret: THEIRS });
	});

	test('writes nothing for an edit that yields, if the key has changed or is gone', async () => {
		const change = { kind: 'change', base, overview: other, secret, yields: true } as const;
		for (const current of [undefined, entry({}, 2)]) {
			expect(await resolved(change, current)).toEqual({ puts: [], drops: [], beside: [] });
		}
		expect((await resolved(change, entry())).puts).toHaveLength(1);
	});

	test('refuses every edit of a key that could not be read', async () => {
		const blank: KeyRow = { ...base, unreadable: true };
		const edits: KeyEdit[] = [
			{ kind: 'drop', base: blank },
			{ kind: 'change', base: blank, overview, secret }
		];
		for (const edit of edits) {
			expect(await errorOf(() => resolved(edit, entry()))).toMatchObject(refusal('unreadable'));
		}
	});
});

describe('sameJson', () => {
	test('looks at members in whatever order, and at lists in theirs', () => {
		expect(sameJson({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
		expect(sameJson({ a: 1 }, { a: 2 })).toBe(false);
		expect(sameJson([1, 2], [2, 1])).toBe(false);
		expect(sameJson([1, 2], { 0: 1, 1: 2 })).toBe(false);
	});

	test('tells null, text and nothing apart', () => {
		expect(sameJson({ a: null }, { a: null })).toBe(true);
		expect(sameJson(undefined, undefined)).toBe(true);
		expect(sameJson(undefined, null)).toBe(false);
		expect(sameJson('null', null)).toBe(false);
	});
});
