import { describe, expect, test } from 'vitest';
import { comparePasted, findHolders } from '#lib/browser/duplicates.ts';
import type { Draft, DraftField, FieldOverview } from '#lib/items/key.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { World } from '../../../tests/browser/world.ts';

function hidden(...values: readonly string[]): readonly DraftField[] {
	return values.map((value, index) => ({ name: `field ${index}`, value, hidden: true }));
}

function fieldsHere(...values: readonly string[]): readonly FieldOverview[] {
	return values.map((value) => ({
		name: value,
		hidden: true,
		fingerprint: `print of ${value}`
	}));
}

const PAIR = rowOf('AWS', { fields: fieldsHere('public id', 'secret') });

async function namesFor(here: readonly KeyRow[], ...drafts: readonly (readonly DraftField[])[]) {
	const world = new World();
	await world.unlock(here);
	const found = await findHolders(world.session, drafts);
	expect(world.host.asked.filter((what) => what.startsWith('read'))).toEqual([]);
	return found.map((holder) => holder?.name);
}

describe('findHolders', () => {
	test('answers for each draft, in their order', async () => {
		const here = [rowOf('a'), rowOf('b')];
		const drafts = [hidden('value of b'), hidden('new'), hidden('value of a')];
		expect(await namesFor(here, ...drafts)).toEqual(['b', undefined, 'a']);
	});

	test('finds no key that shares the public half of a pair alone', async () => {
		expect(await namesFor([PAIR], hidden('public id', 'another secret'))).toEqual([undefined]);
	});

	test.each([
		['both values of a pair', hidden('public id', 'secret')],
		['both in the other order', hidden('secret', 'public id')],
		['the second value alone', hidden('secret')],
		['the second value behind an empty one', hidden('', 'secret')]
	])('finds the key that holds %s', async (_what, fields) => {
		expect(await namesFor([PAIR], fields)).toEqual(['AWS']);
	});

	test('compares no value that is shown beside hidden ones', async () => {
		const user = { name: 'user', value: 'ada', hidden: false };
		expect(await namesFor([PAIR], [user, ...hidden('secret')])).toEqual(['AWS']);
	});

	test('finds no key by a value that it had before', async () => {
		const rotated = rowOf('a', { previousFingerprints: ['print of old'] });
		expect(await namesFor([rotated], hidden('old'))).toEqual([undefined]);
	});

	test('says of a key in the trash that it lies there', async () => {
		const world = new World();
		await world.unlock([rowOf('a', { trashedAt: 1 })]);
		expect(await findHolders(world.session, [hidden('value of a')])).toEqual([
			{ name: 'a', item: 'id-a', trashed: true }
		]);
	});

	test('leads to a key that is at hand rather than to one in the trash', async () => {
		const fields = fieldsHere('secret');
		const here = [rowOf('gone', { fields, trashedAt: 1 }), rowOf('kept', { fields })];
		expect(await namesFor(here, hidden('secret'))).toEqual(['kept']);
	});

	test('finds another key, and not the one that is edited', async () => {
		const world = new World();
		const fields = fieldsHere('secret');
		await world.unlock([rowOf('mine', { fields }), rowOf('other', { fields })]);
		const [found] = await findHolders(world.session, [hidden('secret')], 'id-mine');
		expect(found?.name).toBe('other');
		const [own] = await findHolders(world.session, [hidden('value of a')], 'id-a');
		expect(own).toBeUndefined();
	});

	test('finds nothing for nothing', async () => {
		expect(await namesFor([PAIR], hidden(''), [])).toEqual([undefined, undefined]);
	});

	test('is refused when it is locked meanwhile', async () => {
		const world = new World();
		await world.unlock([PAIR]);
		const asked = findHolders(world.session, [hidden('x')]);
		world.session.lock();
		await expect(asked).rejects.toMatchObject({ fault: { code: 'locked' } });
	});
});

describe('comparePasted', () => {
	async function pasted(here: readonly KeyRow[], ...drafts: readonly Draft[]) {
		const world = new World();
		await world.unlock(here);
		return await comparePasted(world.session, drafts);
	}

	test('takes two keys that share the public half of a pair', async () => {
		const one = { name: 'one', fields: hidden('public id', 'secret 1') };
		const other = { name: 'other', fields: hidden('public id', 'secret 2') };
		expect(await pasted([], one, other)).toEqual([
			{ draft: one, duplicate: undefined, taken: true },
			{ draft: other, duplicate: undefined, taken: true }
		]);
	});

	test('takes no key a second time whose values stand further up', async () => {
		const [, again] = await pasted(
			[],
			{ name: 'one', fields: hidden('public id', 'secret') },
			{ name: 'other', fields: hidden('public id', 'secret') }
		);
		expect(again).toMatchObject({ duplicate: { name: 'one' }, taken: false });
	});

	test('leads to the key that has the values, and does not take them', async () => {
		const [known] = await pasted([PAIR], { name: 'mine', fields: hidden('secret') });
		expect(known).toMatchObject({ duplicate: { name: 'AWS', item: PAIR.item }, taken: false });
	});

	test('takes a value that only a key in the trash has, once', async () => {
		const gone = rowOf('gone', { fields: fieldsHere('secret'), trashedAt: 1 });
		const mine = { name: 'mine', fields: hidden('secret') };
		expect(await pasted([gone], mine, mine)).toMatchObject([
			{ duplicate: { name: 'gone', trashed: true }, taken: true },
			{ duplicate: { name: 'mine', trashed: false }, taken: false }
		]);
	});

	test('says nothing of what it could not compare', async () => {
		const world = new World();
		await world.unlock([PAIR]);
		const rows = comparePasted(world.session, [{ name: 'mine', fields: hidden('secret') }]);
		world.session.lock();
		expect(await rows).toMatchObject([{ duplicate: undefined, taken: true }]);
	});
});
