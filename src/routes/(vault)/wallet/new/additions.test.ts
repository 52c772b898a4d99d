import { describe, expect, test } from 'vitest';
import type { PastedRow } from '#lib/browser/duplicates.ts';
import { ENTRY_BYTES, SECRET_BYTES } from '#lib/items/key.ts';
import { additionsOf } from './additions.ts';

function row(name: string, value: string, taken = true): PastedRow {
	const fields = [{ name: 'key', value, hidden: true }];
	return { draft: { name, fields }, duplicate: undefined, taken };
}

describe('additionsOf', () => {
	test('adds what is ticked', () => {
		const { edits, faults } = additionsOf([row('A', '1'), row('B', '2', false)], 'vault', 5);
		expect(edits).toMatchObject([{ kind: 'add', vault: 'vault', overview: { name: 'A' } }]);
		expect(faults.size).toBe(0);
	});

	test('says of each row that does not fit why, and goes on behind it', () => {
		const rows = [
			row('A', '1'),
			row('B', 'x'.repeat(SECRET_BYTES)),
			row('C', '3'),
			row('D'.repeat(ENTRY_BYTES), '4')
		];
		const { edits, faults } = additionsOf(rows, 'vault', 5);
		expect(edits.map(({ overview }) => overview.name)).toEqual(['A', 'C']);
		expect([...faults].map(([index, { code }]) => [index, code])).toEqual([
			[1, 'secret-too-large'],
			[3, 'entry-too-large']
		]);
	});

	test('asks nothing of a row that does not fit and is not ticked', () => {
		const rows = [row('B', 'x'.repeat(SECRET_BYTES), false)];
		expect(additionsOf(rows, 'vault', 5).faults.size).toBe(0);
	});
});
