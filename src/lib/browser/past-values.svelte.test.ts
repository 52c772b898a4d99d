import { describe, expect, test, vi } from 'vitest';
import type { Overview } from '#lib/items/key.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { WalletWorld } from '../../../tests/browser/wallet-world.ts';

const HOUR = 3_600_000;

/** A vault with keys whose previous value is kept until the moments given. */
class Desk extends WalletWorld {
	static async open(inMs: Readonly<Record<string, number>>, more: Partial<Overview> = {}) {
		const desk = new Desk();
		const now = desk.clock.now();
		const names = Object.entries(inMs);
		await desk.unlock(
			names.map(([name, ms]) => rowOf(name, { previousCount: 1, previousUntil: now + ms, ...more }))
		);
		for (const [name, ms] of names) {
			const fields = [{ name: 'key', value: `old ${name}` }];
			desk.host.previous.set(`id-${name}`, [{ replacedAt: 1, keepUntil: now + ms, fields }]);
		}
		return desk;
	}

	async look(idle = true): Promise<void> {
		this.wallet.past.look(idle);
		// The part that looks is loaded first; then it is looked again, as the page does.
		await import('#lib/browser/past-values.svelte.ts');
		await settled();
		this.wallet.past.look(idle);
		await import('#lib/browser/previous-values.ts');
		await settled();
	}

	get dropped(): string[] {
		return [...this.host.previous].filter(([, { length }]) => length === 0).map(([item]) => item);
	}
}

describe('look', () => {
	test('drops all that is past in one commit, and nothing that is not', async () => {
		const desk = await Desk.open({ a: -1, b: 0, c: HOUR });
		await desk.look();
		expect(desk.dropped).toEqual(['id-a', 'id-b']);
		expect(desk.host.edits).toHaveLength(1);
		expect(desk.host.edits[0]).toMatchObject([{ yields: true }, { yields: true }]);
	});

	test('opens nothing before the date has come', async () => {
		const desk = await Desk.open({ a: HOUR });
		await desk.look();
		expect(desk.host.asked.filter((call) => call.startsWith('read'))).toEqual([]);
	});

	test('waits while something else is done, and while a form is open', async () => {
		const desk = await Desk.open({ a: -1 });
		await desk.look(false);
		const release = desk.wallet.past.hold();
		await desk.look();
		expect(desk.dropped).toEqual([]);
		release();
		await desk.look();
		expect(desk.dropped).toEqual(['id-a']);
	});

	test('waits while values are shown: what is on screen is what is there', async () => {
		const desk = await Desk.open({ a: -1 });
		const [key] = desk.wallet.all;
		if (key === undefined) throw new Error('no key');
		await desk.wallet.reveal(key.row);
		await desk.look();
		expect(desk.dropped).toEqual([]);
		desk.wallet.reveals.hide();
		await desk.wallet.revealBefore(key.row);
		await desk.look();
		expect(desk.dropped).toEqual([]);
		desk.wallet.reveals.hide();
		await desk.look();
		expect(desk.dropped).toEqual(['id-a']);
	});

	test('leaves a key in the trash as it went there', async () => {
		const desk = await Desk.open({ a: -1 }, { trashedAt: 1 });
		await desk.look();
		expect(desk.dropped).toEqual([]);
	});

	test('writes nothing over what another device has changed meanwhile', async () => {
		const desk = await Desk.open({ a: -1 });
		desk.host.rows = desk.host.rows.map((row) => ({ ...row, revision: 9 }));
		await desk.look();
		expect(desk.dropped).toEqual([]);
	});

	test('does not try again and again what cannot be opened', async () => {
		const desk = await Desk.open({ a: -1 });
		desk.host.rows = [];
		await desk.look();
		await desk.look();
		expect(desk.host.asked.filter((call) => call.startsWith('read'))).toHaveLength(1);
	});

	test('rests for an hour where the network is gone, then drops', async () => {
		const desk = await Desk.open({ a: -1 });
		desk.host.fault = { code: 'offline' };
		await desk.look();
		desk.host.fault = undefined;
		await desk.look();
		expect(desk.dropped).toEqual([]);
		desk.clock.pass(HOUR);
		await desk.look();
		expect(desk.dropped).toEqual(['id-a']);
	});

	test('drops nothing early where a clock runs ahead, of this device or of the server', async () => {
		const desk = await Desk.open({ a: 2 * HOUR });
		desk.serverAheadMs = 2 * HOUR;
		await desk.look();
		expect(desk.dropped).toEqual([]);
		desk.serverAheadMs = -2 * HOUR;
		desk.clock.jump(2 * HOUR);
		await desk.look();
		expect(desk.dropped).toEqual([]);
		expect(desk.host.asked.filter((call) => call.startsWith('read'))).toEqual([]);
	});

	test('drops in its time once a clock that ran ahead was set right', async () => {
		const desk = await Desk.open({ a: HOUR });
		desk.serverAheadMs = -1_000 * HOUR;
		desk.clock.jump(1_000 * HOUR);
		await desk.look();
		desk.clock.jump(-1_000 * HOUR);
		desk.serverAheadMs = 0;
		await desk.look();
		desk.clock.pass(HOUR);
		await desk.look();
		expect(desk.dropped).toEqual(['id-a']);
	});

	test('waits for the next date, and for nothing once it is locked', async () => {
		const desk = await Desk.open({ a: HOUR / 2 });
		const before = desk.clock.timers;
		await desk.look();
		expect(desk.clock.timers).toBe(before + 1);
		desk.session.lock();
		await settled();
		expect(desk.clock.timers).toBe(before);
	});

	test('tells the log that previous values went, not that values changed', async () => {
		const desk = await Desk.open({ a: -1 });
		await desk.look();
		await vi.waitFor(() => {
			expect(desk.host.notes).toMatchObject([
				{ act: 'changed', did: 'edited', members: ['previousCount', 'previousUntil'] }
			]);
		});
	});
});

describe('an edit that began before', () => {
	test('is of the key as it is after: no second key, and the old value stays away', async () => {
		const desk = await Desk.open({ a: -1 });
		const [base] = desk.wallet.all;
		if (base === undefined) throw new Error('no key');
		await desk.look(false);
		desk.wallet.past.look(true);
		await desk.wallet.trash([base.row]);
		const [edit] = desk.host.edits.at(-1) ?? [];
		expect(edit).toMatchObject({ kind: 'change', base: { revision: 2 } });
		const [row] = desk.host.rows;
		expect(row?.overview.trashedAt).toBeDefined();
		expect(row?.overview.previousCount).toBeUndefined();
	});
});
