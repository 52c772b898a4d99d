import { describe, expect, test, vi } from 'vitest';
import { Clipboard } from '#lib/browser/clipboard.svelte.ts';
import { REVEAL_SECONDS } from '#lib/browser/reveal.svelte.ts';
import { saveEdit } from '#lib/browser/edited-key.ts';
import { Wallet } from '#lib/browser/wallet.svelte.ts';
import { ENTRY_BYTES } from '#lib/items/key.ts';
import { LATER_BYTES } from '#lib/items/overview.ts';
import { UNDO_SECONDS } from '#lib/browser/undo.svelte.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { World } from '../../../tests/browser/world.ts';

const STRIPE = rowOf('Stripe live', { provider: 'stripe', tags: ['shop'] });
const OPENAI = rowOf('OpenAI main', { envVars: ['OPENAI_API_KEY'] });

class Desk extends World {
	readonly written: string[] = [];
	refuses = false;
	readonly clipboard = new Clipboard({
		clock: this.clock,
		hasFocus: () => true,
		write: async (text) => {
			const plain = await text;
			if (this.refuses) throw new Error('refused');
			this.written.push(plain);
		}
	});
	readonly wallet = new Wallet(this.session, this.clipboard, this.clock, this.time);

	static async open(rows: readonly KeyRow[] = [STRIPE, OPENAI]): Promise<Desk> {
		const desk = new Desk();
		await desk.unlock(rows);
		return desk;
	}
}

function namesOf(keys: readonly { readonly row: KeyRow }[]): string[] {
	return keys.map(({ row }) => row.overview.name);
}

describe('what the log is told', () => {
	test('is which field was copied', async () => {
		const { wallet, host } = await Desk.open();
		await wallet.copy(STRIPE);
		expect(host.notes).toEqual([{ act: 'copied', item: STRIPE.item, form: 'value', field: 'key' }]);
	});

	test('is what a commit changed, and nothing of one that failed', async () => {
		const { wallet, host } = await Desk.open();
		await wallet.trash([STRIPE]);
		await vi.waitFor(() => {
			expect(host.notes).toMatchObject([{ act: 'changed', item: STRIPE.item, did: 'trashed' }]);
		});
		host.fault = { code: 'offline' };
		await wallet.trash([OPENAI]);
		expect(host.notes).toHaveLength(1);
	});
});

describe('the list', () => {
	test('stands by name', async () => {
		const { wallet } = await Desk.open();
		expect(namesOf(wallet.rows)).toEqual(['OpenAI main', 'Stripe live']);
	});

	test('is empty while locked', async () => {
		const { wallet, session } = await Desk.open();
		session.lock();
		expect(wallet.rows).toEqual([]);
	});

	test('shows what matches, and counts all', async () => {
		const { wallet } = await Desk.open();
		wallet.query = 'shop';
		expect(namesOf(wallet.rows)).toEqual(['Stripe live']);
		expect(wallet.counts).toMatchObject({ listed: 2, shown: 1 });
	});

	test('puts due keys into a group of their own, and into no other', async () => {
		const due = rowOf('Zeta', { expiresOn: '2026-03-01' });
		const { wallet } = await Desk.open([STRIPE, due]);
		expect(wallet.groups.map(({ kind, keys }) => [kind, namesOf(keys)])).toEqual([
			['due', ['Zeta']],
			['rest', ['Stripe live']]
		]);
		expect(wallet.counts.due).toBe(1);
	});

	test('has no group of nothing', async () => {
		const { wallet } = await Desk.open();
		expect(wallet.groups.map(({ kind }) => kind)).toEqual(['rest']);
	});

	test('keeps revoked keys, and sets archive and trash apart, latest first', async () => {
		const { wallet } = await Desk.open([
			rowOf('revoked', { status: 'revoked' }),
			rowOf('archived', { status: 'archived' }),
			rowOf('first', { trashedAt: 1 }),
			rowOf('second', { trashedAt: 2 })
		]);
		expect(namesOf(wallet.rows)).toEqual(['revoked']);
		expect(namesOf(wallet.foundArchived)).toEqual(['archived']);
		expect(namesOf(wallet.trashed)).toEqual(['second', 'first']);
	});

	test('notices at the next focus that a day has passed', async () => {
		const desk = await Desk.open([rowOf('x', { expiresOn: '2026-03-10' })]);
		expect(desk.wallet.rows[0]?.expiry.kind).toBe('soon');
		desk.clock.pass(24 * 3_600_000);
		desk.wallet.wake();
		expect(desk.wallet.rows[0]?.expiry.kind).toBe('expired');
	});

	test('finds the selected key wherever it is', async () => {
		const { wallet } = await Desk.open([rowOf('gone', { trashedAt: 1 })]);
		wallet.selectedId = 'id-gone';
		expect(wallet.selected?.row.overview.name).toBe('gone');
	});

	test('forgets query and selection at a lock', async () => {
		const { wallet, session } = await Desk.open();
		wallet.query = 'stripe';
		wallet.selectedId = STRIPE.item;
		session.lock();
		expect(wallet.query).toBe('');
		expect(wallet.selectedId).toBeUndefined();
	});
});

describe('copy', () => {
	test('writes the value and tells the server what for', async () => {
		const desk = await Desk.open();
		expect(await desk.wallet.copy(STRIPE)).toBe('copied');
		expect(desk.written).toEqual(['value of Stripe live']);
		expect(desk.host.asked).toContain('read id-Stripe live copy');
		expect(desk.clipboard.held?.label).toBe('Stripe live');
	});

	test('writes NUL, and signs that turn or hide, as they are', async () => {
		const desk = await Desk.open();
		const value = 'a\u0000b\u202ec\u200bd';
		desk.host.values.set(STRIPE.item, [{ name: 'key', value }]);
		expect(await desk.wallet.copy(STRIPE)).toBe('copied');
		expect(desk.written).toEqual([value]);
	});

	test('answers that the clipboard refused', async () => {
		const desk = await Desk.open();
		desk.refuses = true;
		expect(await desk.wallet.copy(STRIPE)).toBe('refused');
		expect(desk.clipboard.fault).toEqual({ code: 'clipboard' });
		expect(desk.wallet.fault).toBeUndefined();
	});

	test('finds the value by its name, wherever it stands in the secret', async () => {
		const fields = [
			{ name: 'id', hidden: false },
			{ name: 'key', hidden: true }
		];
		const aws = rowOf('AWS', { fields });
		const desk = await Desk.open([aws]);
		desk.host.values.set(aws.item, [
			{ name: 'key', value: 'the key' },
			{ name: 'id', value: 'the id' }
		]);
		await desk.wallet.copy(aws);
		await desk.wallet.copy(aws, 1);
		expect(desk.written).toEqual(['the id', 'the key']);
	});

	test('of a value that the secret does not have says so, and copies nothing', async () => {
		const aws = rowOf('AWS', { fields: [{ name: 'id', hidden: false }] });
		const desk = await Desk.open([aws]);
		expect(await desk.wallet.copy(aws)).toBe('failed');
		expect(desk.wallet.fault).toEqual({ code: 'no-value' });
		expect(desk.written).toEqual([]);
	});

	test('of a key that another device changed shows the new one instead, and copies nothing', async () => {
		const desk = await Desk.open();
		desk.host.rows = [{ ...STRIPE, revision: 9, overview: { ...STRIPE.overview, name: 'New' } }];
		expect(await desk.wallet.copy(STRIPE)).toBe('failed');
		expect(desk.wallet.fault).toEqual({ code: 'changed' });
		expect(desk.written).toEqual([]);
		expect(namesOf(desk.wallet.rows)).toEqual(['New']);
	});

	test('without the server leaves the clipboard alone and says since when', async () => {
		const desk = await Desk.open();
		desk.fail('offline');
		expect(await desk.wallet.copy(STRIPE)).toBe('failed');
		expect(desk.written).toEqual([]);
		expect(desk.wallet.fault).toEqual({ code: 'offline' });
		expect(desk.wallet.online).toBe(false);
		expect(desk.wallet.offlineSince).toBe(desk.clock.now());
	});

	test('that works again ends being offline', async () => {
		const desk = await Desk.open();
		desk.wallet.network(false);
		await desk.wallet.copy(STRIPE);
		expect(desk.wallet.online).toBe(true);
	});
});

describe('reveal', () => {
	test('shows the values for twenty seconds', async () => {
		const desk = await Desk.open();
		await desk.wallet.reveal(STRIPE);
		expect(desk.wallet.reveals.now.shown).toMatchObject({
			id: STRIPE.item,
			values: { fields: [{ value: 'value of Stripe live' }] },
			secondsLeft: REVEAL_SECONDS
		});
		desk.clock.pass(5_000);
		expect(desk.wallet.reveals.now.shown?.secondsLeft).toBe(REVEAL_SECONDS - 5);
		desk.clock.pass(15_000);
		expect(desk.wallet.reveals.now.shown).toBeUndefined();
		expect(desk.clock.timers).toBe(0);
	});

	test('shows nothing of the values before, which are shown when they are asked for', async () => {
		const desk = await Desk.open();
		const before = [{ replacedAt: 1, fields: [{ name: 'key', value: 'old' }] }];
		desk.host.previous.set(STRIPE.item, before);
		await desk.wallet.reveal(STRIPE);
		expect(desk.wallet.reveals.now.shown?.values).not.toHaveProperty('previous');
		expect(desk.wallet.reveals.before.shown).toBeUndefined();
		desk.wallet.reveals.now.hide();
		await desk.wallet.revealBefore(STRIPE);
		expect(desk.wallet.reveals.now.shown).toBeUndefined();
		expect(desk.wallet.reveals.before.shown?.values).toEqual(before);
	});

	test('of the values before ends with its own seconds, key and window', async () => {
		const desk = await Desk.open();
		const ends = [
			() => {
				desk.clock.pass(REVEAL_SECONDS * 1_000);
			},
			() => (desk.wallet.selectedId = OPENAI.item),
			() => {
				desk.wallet.reveals.hide();
			}
		];
		for (const end of ends) {
			await desk.wallet.revealBefore(STRIPE);
			expect(desk.wallet.reveals.before.shown?.id).toBe(STRIPE.item);
			end();
			expect(desk.wallet.reveals.before.shown).toBeUndefined();
		}
	});

	test('ends when another key is selected, and not when it is the same', async () => {
		const desk = await Desk.open();
		await desk.wallet.reveal(STRIPE);
		desk.wallet.selectedId = STRIPE.item;
		expect(desk.wallet.reveals.now.shown).toBeDefined();
		desk.wallet.selectedId = OPENAI.item;
		expect(desk.wallet.reveals.now.shown).toBeUndefined();
	});

	test('of a key that another device changed shows the new list, and no value', async () => {
		const desk = await Desk.open();
		desk.host.rows = [{ ...STRIPE, revision: 9 }];
		await desk.wallet.reveal(STRIPE);
		expect(desk.wallet.reveals.now.shown).toBeUndefined();
		expect(desk.wallet.fault).toEqual({ code: 'changed' });
		expect(desk.wallet.rows[0]?.row.revision).toBe(9);
	});

	test('that is answered after the window lost focus shows nothing', async () => {
		const desk = await Desk.open();
		desk.host.hold();
		const revealing = desk.wallet.reveal(STRIPE);
		desk.wallet.reveals.hide();
		await desk.host.release();
		await revealing;
		expect(desk.wallet.reveals.now.shown).toBeUndefined();
		expect(desk.clock.timers).toBe(0);
	});

	test('that is answered after another key was selected shows nothing', async () => {
		const desk = await Desk.open();
		desk.host.hold();
		const revealing = desk.wallet.reveal(STRIPE);
		desk.wallet.selectedId = STRIPE.item;
		desk.wallet.selectedId = OPENAI.item;
		await desk.host.release();
		await revealing;
		expect(desk.wallet.reveals.now.shown).toBeUndefined();
	});

	test('goes on while its key is being selected', async () => {
		const desk = await Desk.open();
		desk.host.hold();
		const revealing = desk.wallet.reveal(STRIPE);
		desk.wallet.selectedId = STRIPE.item;
		await desk.host.release();
		await revealing;
		expect(desk.wallet.reveals.now.shown?.id).toBe(STRIPE.item);
	});

	test('ends at a lock', async () => {
		const desk = await Desk.open();
		await desk.wallet.reveal(STRIPE);
		desk.session.lock();
		expect(desk.wallet.reveals.now.shown).toBeUndefined();
	});

	test('that is answered after a lock shows nothing', async () => {
		const desk = await Desk.open();
		desk.host.hold();
		const revealing = desk.wallet.reveal(STRIPE);
		desk.session.lock();
		await desk.host.release();
		await revealing;
		expect(desk.wallet.reveals.now.shown).toBeUndefined();
	});
});

describe('saving', () => {
	const draft = { name: 'New', fields: [{ name: 'key', value: 'v', hidden: true }] };

	test('adds a key to the list', async () => {
		const desk = await Desk.open();
		expect(await desk.wallet.add(draft)).toMatchObject({ outcome: 'saved' });
		expect(namesOf(desk.wallet.rows)).toContain('New');
	});

	test('says what is wrong with a draft without asking the server', async () => {
		const desk = await Desk.open();
		expect(await desk.wallet.add({ ...draft, name: '' })).toEqual({
			outcome: 'failed',
			fault: { code: 'empty' }
		});
		expect(desk.host.asked).not.toContain('save');
	});

	test('says how large is too large', async () => {
		const desk = await Desk.open();
		const saved = await desk.wallet.add({ ...draft, note: 'n'.repeat(5_000) });
		expect(saved).toMatchObject({
			fault: { code: 'entry-too-large', detail: { limit: ENTRY_BYTES - LATER_BYTES } }
		});
	});

	test('seals no secret anew for a change of name', async () => {
		const desk = await Desk.open();
		const opened = await desk.wallet.open(STRIPE);
		if (opened === undefined) throw new Error('not opened');
		const fields = [{ name: 'key', value: 'value of Stripe live', hidden: true }];
		await saveEdit(desk.wallet, opened, { name: 'Renamed', fields }, 1);
		expect(desk.host.edits[0]?.[0]).not.toHaveProperty('secret');
		expect(namesOf(desk.wallet.rows)).toContain('Renamed');
	});

	test('keeps the old value beside a new one', async () => {
		const desk = await Desk.open();
		const opened = await desk.wallet.open(STRIPE);
		if (opened === undefined) throw new Error('not opened');
		const fields = [{ name: 'key', value: 'another', hidden: true }];
		await saveEdit(desk.wallet, opened, { name: 'Stripe live', fields }, 1);
		expect(desk.host.edits[0]?.[0]).toMatchObject({
			kind: 'change',
			secret: { fields: [{ value: 'another' }], previous: [{ fields: opened.secret.fields }] }
		});
	});

	test('starts an edit from the key as it is now, if another device has changed it', async () => {
		const desk = await Desk.open();
		const now = { ...STRIPE, revision: 9 };
		desk.host.rows = [now];
		expect((await desk.wallet.open(STRIPE))?.row).toEqual(now);
		expect(desk.wallet.rows[0]?.row).toEqual(now);
	});

	test('answers a conflict as one, and is not saving any more', async () => {
		const desk = await Desk.open();
		desk.host.saved = 'conflict';
		expect(await desk.wallet.add(draft)).toEqual({ outcome: 'conflict' });
		expect(desk.wallet.saving).toBe(false);
	});

	test('writes nothing while the account does not verify', async () => {
		const desk = await Desk.open();
		desk.fail('rollback');
		await desk.wallet.refresh();
		desk.host.fault = undefined;
		expect(await desk.wallet.add(draft)).toMatchObject({ fault: { code: 'rollback' } });
		expect(desk.host.asked).not.toContain('save');
	});
});

describe('trash', () => {
	test('offers to undo for ten seconds', async () => {
		const desk = await Desk.open();
		await desk.wallet.trash([STRIPE]);
		expect(namesOf(desk.wallet.trashed)).toEqual(['Stripe live']);
		expect(desk.wallet.undo).toMatchObject({
			kind: 'trash',
			names: ['Stripe live'],
			secondsLeft: UNDO_SECONDS
		});
		desk.clock.pass(UNDO_SECONDS * 1_000);
		expect(desk.wallet.undo).toBeUndefined();
	});

	test('is undone, once', async () => {
		const desk = await Desk.open();
		await desk.wallet.trash([STRIPE]);
		await desk.wallet.takeBack();
		expect(namesOf(desk.wallet.rows)).toContain('Stripe live');
		expect(await desk.wallet.takeBack()).toBeUndefined();
	});

	test('brings back in one commit', async () => {
		const desk = await Desk.open([rowOf('a', { trashedAt: 1 }), rowOf('b', { trashedAt: 2 })]);
		await desk.wallet.restore(desk.wallet.trashed.map(({ row }) => row));
		expect(desk.host.edits).toHaveLength(1);
		expect(namesOf(desk.wallet.rows)).toEqual(['a', 'b']);
	});

	test('erases for good', async () => {
		const desk = await Desk.open([rowOf('a', { trashedAt: 1 })]);
		await desk.wallet.erase(desk.wallet.trashed.map(({ row }) => row));
		expect(desk.wallet.trashed).toEqual([]);
		expect(desk.wallet.undo).toBeUndefined();
	});
});
