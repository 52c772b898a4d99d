import { describe, expect, test } from 'vitest';
import { BesideNotice } from '#lib/browser/beside.svelte.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { World } from '../../../tests/browser/world.ts';

const MINE = rowOf('Mine');
const THEIRS = rowOf('Theirs');
const OTHER = rowOf('Other');

async function open() {
	const world = new World();
	const notice = new BesideNotice(world.session);
	await world.unlock([THEIRS, OTHER]);
	return { world, notice };
}

/** An edit of a key that has been called something else since. */
const EDIT = {
	kind: 'change',
	base: { ...THEIRS, overview: MINE.overview },
	overview: MINE.overview
} as const;
const IN_PLACE = { kind: 'change', base: OTHER, overview: OTHER.overview } as const;

describe('BesideNotice', () => {
	test('names the key that was changed meanwhile, as it is now, and the one beside it', async () => {
		const { notice } = await open();
		notice.note([EDIT], { outcome: 'saved', keys: [MINE], beside: [MINE.item] });
		expect(notice.told).toEqual({ count: 1, theirs: 'Theirs', mine: 'Mine' });
	});

	test('leaves aside what was saved in its place', async () => {
		const { notice } = await open();
		const saved = { outcome: 'saved', keys: [OTHER, MINE], beside: [MINE.item] } as const;
		notice.note([IN_PLACE, EDIT], saved);
		expect(notice.told).toEqual({ count: 1, theirs: 'Theirs', mine: 'Mine' });
	});

	test('says nothing where all was saved in its place', async () => {
		const { notice } = await open();
		notice.note([IN_PLACE], { outcome: 'saved', keys: [OTHER], beside: [] });
		expect(notice.told).toBeUndefined();
	});

	test('goes when it is put away', async () => {
		const { notice } = await open();
		notice.note([EDIT], { outcome: 'saved', keys: [MINE], beside: [MINE.item] });
		notice.putAway();
		expect(notice.told).toBeUndefined();
	});

	test('names no key after a lock', async () => {
		const { world, notice } = await open();
		notice.note([EDIT], { outcome: 'saved', keys: [MINE], beside: [MINE.item] });
		world.session.lock();
		expect(notice.told).toBeUndefined();
	});
});
