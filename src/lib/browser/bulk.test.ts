import { describe, expect, test } from 'vitest';
import { archiveKeys, tagKeys } from '#lib/browser/bulk.ts';
import { ValueCheck } from '#lib/browser/value-check.svelte.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { WalletWorld } from '../../../tests/browser/wallet-world.ts';

class Desk extends WalletWorld {
	readonly check = new ValueCheck(this.session);

	static async open(...rows: readonly KeyRow[]): Promise<Desk> {
		const desk = new Desk();
		await desk.unlock(rows);
		return desk;
	}

	overview(name: string) {
		return this.host.rows.find(({ overview }) => overview.name === name)?.overview;
	}
}

describe('tagKeys', () => {
	test('adds a tag in one commit, to those that do not have it', async () => {
		const rows = [rowOf('a'), rowOf('b', { tags: ['x'] }), rowOf('c', { tags: ['y'] })];
		const desk = await Desk.open(...rows);
		await tagKeys(desk.wallet, rows, 'x');
		expect(desk.host.edits.map((edits) => edits.length)).toEqual([2]);
		expect(desk.overview('a')?.tags).toEqual(['x']);
		expect(desk.overview('c')?.tags).toEqual(['y', 'x']);
	});

	test('is undone in one commit, and leaves the tag where it was before', async () => {
		const rows = [rowOf('a'), rowOf('b', { tags: ['x'] })];
		const desk = await Desk.open(...rows);
		await tagKeys(desk.wallet, rows, 'x');
		await desk.wallet.takeBack();
		expect(desk.host.edits).toHaveLength(2);
		expect(desk.overview('a')?.tags).toEqual([]);
		expect(desk.overview('b')?.tags).toEqual(['x']);
	});

	test('writes nothing where the tag does not fit', async () => {
		const rows = [rowOf('a'), rowOf('b', { note: 'n'.repeat(3_700) })];
		const desk = await Desk.open(...rows);
		const saved = await tagKeys(desk.wallet, rows, 't'.repeat(300));
		expect(saved).toMatchObject({ outcome: 'failed', fault: { code: 'entry-too-large' } });
		expect(desk.host.edits).toEqual([]);
	});
});

describe('archiveKeys', () => {
	test('archives in one commit; Undo gives each the state that it had', async () => {
		const rows = [rowOf('a'), rowOf('b', { status: 'revoked', revoked: { at: 1 } })];
		const desk = await Desk.open(...rows);
		await archiveKeys(desk.wallet, rows, 5);
		expect(desk.host.edits.map((edits) => edits.length)).toEqual([2]);
		expect(desk.overview('b')?.status).toBe('archived');
		await desk.wallet.takeBack();
		expect(desk.overview('a')).toEqual(rows[0]?.overview);
		expect(desk.overview('b')).toEqual(rows[1]?.overview);
	});
});

describe('ValueCheck', () => {
	const VALUE = ['sk', 'live', 'a1B2'.repeat(8)].join('_');

	function keyWith(name: string, value: string, members: Parameters<typeof rowOf>[1] = {}): KeyRow {
		const fields = [{ name: 'key', hidden: true, fingerprint: `print of ${value}` }];
		return rowOf(name, { fields, ...members });
	}

	test('says yes, and which: also in the trash', async () => {
		const { check } = await Desk.open(keyWith('Old', VALUE, { trashedAt: 1 }));
		expect(await check.ask(` ${VALUE}\n`)).toBe(true);
		expect(check.answer).toMatchObject({ kind: 'yes', keys: [{ row: { item: 'id-Old' } }] });
	});

	test('finds what stands behind a name', async () => {
		const { check } = await Desk.open(keyWith('Found', VALUE));
		await check.ask(`export STRIPE_KEY="${VALUE}"`);
		expect(check.answer?.kind).toBe('yes');
	});

	test('says no to a value that nobody has', async () => {
		const { check } = await Desk.open(keyWith('Other', 'x'));
		expect(await check.ask(VALUE)).toBe(true);
		expect(check.answer).toEqual({ kind: 'no', uncompared: 0 });
	});

	test('knows a value that a key had before, and says that it is not the one now', async () => {
		const previousFingerprints = [`print of ${VALUE}`];
		const { check } = await Desk.open(keyWith('Rotated', 'x', { previousFingerprints }));
		await check.ask(VALUE);
		expect(check.answer).toMatchObject({
			kind: 'yes',
			keys: [{ row: { item: 'id-Rotated' }, field: undefined }]
		});
	});

	test('says how many values it could not compare', async () => {
		const { check } = await Desk.open(rowOf('a', { fields: [{ name: 'key', hidden: true }] }));
		await check.ask(VALUE);
		expect(check.answer).toEqual({ kind: 'no', uncompared: 1 });
	});

	test('has no answer to a question from before a lock, and leaves nothing of it to search for', async () => {
		const { check, session } = await Desk.open(keyWith('Found', VALUE));
		const asked = check.ask('stripe live');
		session.lock();
		expect(await asked).toBe(true);
		expect(check.answer).toBeUndefined();
	});

	test('answers what was asked last', async () => {
		const { check } = await Desk.open(keyWith('Found', VALUE));
		const earlier = check.ask(VALUE);
		expect(await check.ask('stripe live')).toBe(false);
		expect(await earlier).toBe(true);
		expect(check.answer).toBeUndefined();
	});

	test('leaves words to the search, unless they are a value', async () => {
		const { check } = await Desk.open(keyWith('Word', 'hunter'));
		expect(await check.ask('stripe live')).toBe(false);
		expect(check.answer).toBeUndefined();
		expect(await check.ask('hunter')).toBe(true);
	});

	test('never says no when it could not ask', async () => {
		const { check, host } = await Desk.open(keyWith('Found', VALUE));
		host.fault = { code: 'worker-lost' };
		await check.ask(VALUE);
		expect(check.answer).toEqual({ kind: 'failed' });
	});

	test('keeps nothing of the value, and nothing after a lock', async () => {
		const { check, session } = await Desk.open(keyWith('Found', VALUE));
		await check.ask(VALUE);
		expect(JSON.stringify(check.answer)).not.toContain(`"${VALUE}"`);
		session.lock();
		expect(check.answer).toBeUndefined();
	});
});
