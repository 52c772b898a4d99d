import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Overview } from '#lib/items/key.ts';
import { ItemIndex } from '#lib/keyholder/item-index.ts';
import type { OpenEntry } from '#lib/keyholder/vault-state.ts';

const OVERVIEW: Overview = {
	...{ v: 1, name: 'Example', envVars: [], tags: [], fields: [] },
	...{ createdAt: 0, changedAt: 0, status: 'active' }
};

function open(number: number, revision = 1): OpenEntry {
	const entry = { id: `item ${number}`, revision, secretHash: '', overview: OVERVIEW };
	return { entry, overview: OVERVIEW };
}

function indexOf(count: number): ItemIndex {
	const items = Array.from({ length: count }, (_, number) => open(number));
	return new ItemIndex(new Map(items.map((item) => [item.entry.id, item])));
}

/** Numbers of items in a vault of ten, and beside it. */
const number = fc.integer({ min: 0, max: 14 });
/** What commits write and drop, no item both. */
const commits = fc.array(
	fc
		.uniqueArray(number, { maxLength: 6 })
		.chain((ids) => fc.tuple(fc.constant(ids), fc.nat({ max: ids.length }))),
	{ maxLength: 8 }
);

describe('the index of a vault', () => {
	test('is after any commits what a map would be that was changed in place', () => {
		fc.assert(
			fc.property(commits, (all) => {
				let index = indexOf(10);
				const map = new Map([...index.values()].map((item) => [item.entry.id, item]));
				for (const [revision, [ids, writes]] of all.entries()) {
					const written = ids.slice(0, writes).map((id) => open(id, revision + 2));
					const drops = ids.slice(writes).map((id) => open(id).entry.id);
					index = index.after(written, drops);
					for (const item of written) map.set(item.entry.id, item);
					for (const id of drops) map.delete(id);
				}
				expect(index.size).toBe(map.size);
				expect(new Set(index.values())).toEqual(new Set(map.values()));
				for (let each = 0; each < 15; each++) {
					const { id } = open(each).entry;
					expect(index.get(id)).toBe(map.get(id));
					expect(index.has(id)).toBe(map.has(id));
				}
			}),
			{ seed: 1, numRuns: 300 }
		);
	});

	test('leaves the one before a commit as it was', () => {
		const before = indexOf(3);
		before.after([open(1, 2), open(7, 2)], [open(0).entry.id]);
		expect([...before.values()]).toEqual([open(0), open(1), open(2)]);
		expect(before.size).toBe(3);
	});

	test('keeps a changed item where it stood, and puts a new one last', () => {
		const after = indexOf(3).after([open(9, 2), open(1, 2)], []);
		expect([...after.values()]).toEqual([open(0), open(1, 2), open(2), open(9, 2)]);
	});

	test('is the same after more changes than it carries along', () => {
		let index = indexOf(3);
		for (let revision = 2; revision < 600; revision++) {
			index = index.after([open(revision, revision)], [open(revision - 2).entry.id]);
		}
		expect([...index.values()]).toEqual([open(598, 598), open(599, 599)]);
		expect(index.size).toBe(2);
	});
});
