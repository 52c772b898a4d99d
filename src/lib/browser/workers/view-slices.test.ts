import { describe, expect, test } from 'vitest';
import { SLICE_ROWS, ViewCutter, ViewReader } from '#lib/browser/workers/view-slices.ts';
import type { AccountView } from '#lib/keyholder/views.ts';
import { rowOf, VAULT } from '../../../../tests/browser/keys.ts';
import { settled } from '../../../../tests/browser/settled.ts';

const COUNT = 2 * SLICE_ROWS + 1;

/** A vault whose every row tells which change it is of. */
function viewOf(seq: number): AccountView {
	const keys = Array.from({ length: COUNT }, (_, i) =>
		rowOf(`key ${String(COUNT - i).padStart(5, '0')}`, { note: `${seq}` })
	);
	return {
		account: 'account',
		email: 'ada@example.org',
		slots: [],
		unlockedBy: 'password',
		known: true,
		verifiedAtMs: 1,
		vaults: [{ id: VAULT, name: 'Personal', seq, keys, changedAtMs: 1, verifiedAtMs: 1 }],
		settings: { v: 1, vaults: {} }
	};
}

class Line {
	readonly cutter = new ViewCutter();
	seq = 1;
	fails = false;
	readonly reader = new ViewReader({
		head: async () => {
			await settled();
			if (this.fails) throw new Error('lost');
			return this.cutter.head(viewOf(this.seq));
		},
		rows: async (...where) => {
			await settled();
			return this.cutter.rows(...where);
		}
	});
}

function changesIn({ vaults }: AccountView): readonly (string | undefined)[] {
	return [...new Set(vaults[0]?.keys.map(({ overview }) => overview.note))];
}

describe('a view in slices', () => {
	test('arrives whole and by name', async () => {
		const view = await new Line().reader.read();
		const names = view.vaults[0]?.keys.map(({ overview }) => overview.name) ?? [];
		expect(names).toHaveLength(COUNT);
		expect(names).toEqual([...names].sort());
	});

	test('is of one change, when another is asked for meanwhile', async () => {
		const line = new Line();
		const first = line.reader.read();
		await settled();
		await settled();
		line.seq = 2;
		const second = line.reader.read();
		expect(changesIn(await first)).toEqual(['1']);
		expect(changesIn(await second)).toEqual(['2']);
	});

	test('does not arrive after one that was cut later', async () => {
		const line = new Line();
		const arrived: number[] = [];
		await Promise.all(
			[1, 2, 3].map(async (seq) => {
				line.seq = seq;
				const view = await line.reader.read();
				arrived.push(view.vaults[0]?.seq ?? 0);
			})
		);
		expect(arrived).toEqual([...arrived].sort());
	});

	test('that was forgotten by a lock is not shown as an empty one', async () => {
		const line = new Line();
		const reading = line.reader.read();
		await settled();
		await settled();
		line.cutter.forget();
		await expect(reading).rejects.toMatchObject({ fault: { code: 'locked' } });
	});

	test('that fails does not hold up the next', async () => {
		const line = new Line();
		line.fails = true;
		await expect(line.reader.read()).rejects.toThrow('lost');
		line.fails = false;
		expect((await line.reader.read()).vaults).toHaveLength(1);
	});

	test('gives no slice of another head', () => {
		const cutter = new ViewCutter();
		const { number } = cutter.head(viewOf(1));
		cutter.head(viewOf(2));
		expect(cutter.rows(number, 0, 0, 1)).toBeUndefined();
		expect(JSON.parse(cutter.rows(number + 1, 0, 0, 1) ?? '')).toHaveLength(1);
	});
});
