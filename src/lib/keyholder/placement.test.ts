import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { place, type Placed } from '#lib/keyholder/placement.ts';
import { ITEMS_PER_SHEET, type SheetEntry } from '#lib/protocol/sheets.ts';

function entry(id: string, revision = 1): SheetEntry {
	return { id, revision, secretHash: 'hash', overview: { v: 1 } };
}

function sheet(revision: number, ...ids: string[]): Placed {
	return { revision, entries: ids.map((id) => ({ entry: entry(id) })) };
}

function full(revision: number, name: string): Placed {
	return sheet(
		revision,
		...Array.from({ length: ITEMS_PER_SHEET }, (_, i) => `${name}${String(i)}`)
	);
}

let made = 0;
const newId = () => `new ${String(made++)}`;

function ids(entries: readonly SheetEntry[] | undefined): string[] {
	return (entries ?? []).map(({ id }) => id);
}

/** In a vault of `sheets`. */
function placed(sheets: ReadonlyMap<string, Placed>, puts: SheetEntry[], drops: string[]) {
	return place({ sheets, items: new Set(standing(sheets)) }, puts, drops, newId);
}

function standing(sheets: ReadonlyMap<string, Placed>): string[] {
	return [...sheets.values()].flatMap(({ entries }) => entries.map(({ entry }) => entry.id));
}

describe('place', () => {
	test('puts the first item into a new sheet', () => {
		const { written, dropped } = placed(new Map(), [entry('a')], []);
		expect([...written.values()].map(ids)).toEqual([['a']]);
		expect(dropped).toEqual([]);
	});

	test('puts a new item into the sheet of highest revision', () => {
		const sheets = new Map([
			['old', sheet(2, 'a')],
			['young', sheet(7, 'b')],
			['middle', sheet(5, 'c')]
		]);
		const { written } = placed(sheets, [entry('d')], []);
		expect([...written.keys()]).toEqual(['young']);
		expect(ids(written.get('young'))).toEqual(['b', 'd']);
	});

	test('leaves sheets as they are that hold nothing of what changes', () => {
		const sheets = new Map([
			['first', sheet(2, 'a')],
			['second', sheet(7, 'b', 'c')],
			['third', sheet(5, 'd')]
		]);
		expect([...placed(sheets, [entry('b', 8)], []).written.keys()]).toEqual(['second']);
		expect([...placed(sheets, [], ['d']).dropped]).toEqual(['third']);
		expect([...placed(sheets, [], ['c']).written.keys()]).toEqual(['second']);
	});

	test('goes on to the next that has room', () => {
		const sheets = new Map([
			['old', sheet(2, 'a')],
			['young', full(7, 'b')]
		]);
		expect([...placed(sheets, [entry('d')], []).written.keys()]).toEqual(['old']);
	});

	test('opens a new sheet when all are full', () => {
		const { written } = placed(new Map([['a', full(1, 'a')]]), [entry('d')], []);
		expect([...written.values()].map(ids)).toEqual([['d']]);
	});

	test('prefers a sheet that is written anyway: it will be the highest', () => {
		const sheets = new Map([
			['old', sheet(2, 'a')],
			['young', sheet(7, 'b')]
		]);
		const { written } = placed(sheets, [entry('a', 8), entry('c')], []);
		expect([...written.keys()]).toEqual(['old']);
		expect(ids(written.get('old'))).toEqual(['a', 'c']);
	});

	test('changes an item where it stands', () => {
		const sheets = new Map([['s', sheet(2, 'a', 'b', 'c')]]);
		const { written } = placed(sheets, [entry('b', 3)], []);
		expect(written.get('s')).toEqual([entry('a'), entry('b', 3), entry('c')]);
	});

	test('drops a sheet that empties', () => {
		const sheets = new Map([
			['s', sheet(2, 'a')],
			['t', sheet(1, 'b')]
		]);
		expect(placed(sheets, [], ['a'])).toEqual({ written: new Map(), dropped: ['s'] });
	});

	test('keeps every item exactly once and no sheet over its size, whatever is asked', () => {
		const plan = fc.record({
			sizes: fc.array(fc.integer({ min: 1, max: ITEMS_PER_SHEET }), { maxLength: 5 }),
			added: fc.integer({ min: 0, max: 200 }),
			dropped: fc.array(fc.nat(), { maxLength: 20 }),
			changed: fc.array(fc.nat(), { maxLength: 20 })
		});
		fc.assert(
			fc.property(plan, ({ sizes, added, dropped, changed }) => {
				const sheets = new Map(
					sizes.map((size, s): [string, Placed] => [
						`s${String(s)}`,
						sheet(s + 1, ...Array.from({ length: size }, (_, i) => `${String(s)}-${String(i)}`))
					])
				);
				const all = standing(sheets);
				const drops = new Set(
					all.length === 0 ? [] : dropped.map((n) => all[n % all.length] ?? '')
				);
				const changes = changed
					.map((n) => all[n % all.length] ?? '')
					.filter((id) => !drops.has(id));
				const puts = [
					...new Set(all.length === 0 ? [] : changes),
					...Array.from({ length: added }, (_, i) => `added ${String(i)}`)
				].map((id) => entry(id, 99));
				const { written, dropped: emptied } = placed(sheets, puts, [...drops]);
				const after = new Map(
					[...sheets].map(([id, { entries }]) => [id, entries.map(({ entry }) => entry)])
				);
				for (const [id, entries] of written) after.set(id, [...entries]);
				for (const id of emptied) after.delete(id);
				const kept = [...after.values()].flatMap(ids);
				const wanted = new Set([
					...all.filter((id) => !drops.has(id)),
					...puts.map(({ id }) => id)
				]);
				expect(kept.toSorted()).toEqual([...wanted].toSorted());
				for (const entries of after.values()) {
					expect(entries.length).toBeGreaterThan(0);
					expect(entries.length).toBeLessThanOrEqual(ITEMS_PER_SHEET);
				}
			}),
			{ numRuns: 200, seed: 4711 }
		);
	});
});
