import { describe, expect, test } from 'vitest';
import { dropPreviousValue, rotateKey } from '#lib/browser/previous-values.ts';
import { expiryOf } from '#lib/items/expiry.ts';
import type { Overview, PreviousValue } from '#lib/items/key.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { WalletWorld } from '../../../tests/browser/wallet-world.ts';

const DAY = 86_400_000;

class Desk extends WalletWorld {
	static async open(overview: Partial<Overview> = {}): Promise<Desk> {
		const desk = new Desk();
		await desk.unlock([rowOf('a', overview)]);
		return desk;
	}

	get row() {
		const [row] = this.host.rows;
		if (row === undefined) throw new Error('no key');
		return row;
	}

	async rotate(value: string, keepDays: number | undefined, expiresOn?: string) {
		const read = await this.wallet.open(this.row);
		if (read === undefined) throw new Error('it did not open');
		const wanted = { values: new Map([['key', value]]), keepDays, expiresOn };
		return await rotateKey(this.wallet, read, wanted, this.clock.now());
	}
}

const OLD: PreviousValue = { replacedAt: 1, fields: [{ name: 'key', value: 'older' }] };
const NEWER: PreviousValue = { replacedAt: 2, fields: [{ name: 'key', value: 'newer' }] };

describe('rotateKey', () => {
	test('puts the new value in the place of the old one, which is kept until its date', async () => {
		const desk = await Desk.open();
		expect(await desk.rotate('new', 7)).toMatchObject({ outcome: 'saved' });
		const { host, clock, row } = desk;
		expect(host.values.get(row.item)).toEqual([{ name: 'key', value: 'new' }]);
		expect(host.previous.get(row.item)).toEqual([
			{
				replacedAt: clock.now(),
				keepUntil: clock.now() + 7 * DAY,
				fields: [{ name: 'key', value: 'value of a' }]
			}
		]);
		expect(row.overview.previousUntil).toBe(clock.now() + 7 * DAY);
	});

	test('keeps nothing of the old one if it was asked to, and what was there before', async () => {
		const desk = await Desk.open();
		desk.host.previous.set(desk.row.item, [OLD]);
		await desk.rotate('new', 0);
		expect(desk.host.previous.get(desk.row.item)).toEqual([OLD]);
	});

	test('drops no older value where none of the new ones is the key’s', async () => {
		const desk = await Desk.open();
		desk.host.previous.set(desk.row.item, [OLD]);
		await desk.rotate('value of a', 0);
		expect(desk.host.previous.get(desk.row.item)).toEqual([OLD]);
	});

	test('keeps it without a date until it is dropped by hand', async () => {
		const desk = await Desk.open();
		await desk.rotate('new', undefined);
		expect(desk.row.overview.previousCount).toBe(1);
		expect(desk.row.overview.previousUntil).toBeUndefined();
	});

	test('begins the days until the next rotation anew', async () => {
		const desk = await Desk.open({ rotateEveryDays: 30, changedAt: 1 });
		const now = desk.clock.now();
		expect(expiryOf(desk.row.overview, now).kind).toBe('rotate');
		await desk.rotate('new', 7);
		expect(expiryOf(desk.row.overview, now)).toMatchObject({ kind: 'rotate-later', days: 30 });
		expect(desk.wallet.counts.due).toBe(0);
	});

	test('takes a key that has expired off the top: its end was the old value’s', async () => {
		const desk = await Desk.open({ expiresOn: '2026-03-01', reminderOn: '2026-04-01' });
		expect(desk.wallet.counts.due).toBe(1);
		await desk.rotate('new', 7, '2027-03-01');
		expect(desk.row.overview.expiresOn).toBe('2027-03-01');
		expect(desk.row.overview).not.toHaveProperty('reminderOn');
		await desk.rotate('newer', 7);
		expect(desk.row.overview).not.toHaveProperty('expiresOn');
		expect(desk.wallet.counts.due).toBe(0);
	});

	test('says what does not fit', async () => {
		const desk = await Desk.open();
		const saved = await desk.rotate('x'.repeat(70_000), 7);
		expect(saved).toMatchObject({ outcome: 'failed', fault: { code: 'secret-too-large' } });
	});
});

describe('dropPreviousValue', () => {
	test('drops the one that was named; Undo brings it back', async () => {
		const desk = await Desk.open({ previousCount: 1 });
		desk.host.previous.set(desk.row.item, [OLD]);
		await dropPreviousValue(desk.wallet, desk.row, OLD);
		expect(desk.host.previous.get(desk.row.item)).toEqual([]);
		expect(desk.row.overview.previousCount).toBeUndefined();
		expect(desk.wallet.undo?.kind).toBe('previous');
		await desk.wallet.takeBack();
		expect(desk.host.previous.get(desk.row.item)).toEqual([OLD]);
		expect(desk.row.overview.previousCount).toBe(1);
	});

	test('drops the one that was shown, also where another device has put one before it', async () => {
		const desk = await Desk.open({ previousCount: 1 });
		const { row } = desk;
		desk.host.previous.set(row.item, [NEWER, OLD]);
		desk.host.rows = [{ ...row, revision: 2 }];
		await dropPreviousValue(desk.wallet, row, OLD);
		expect(desk.host.previous.get(row.item)).toEqual([NEWER]);
	});

	test('writes nothing where it is not there any more, and says so', async () => {
		const desk = await Desk.open();
		desk.host.previous.set(desk.row.item, [NEWER]);
		const dropped = await dropPreviousValue(desk.wallet, desk.row, OLD);
		expect(dropped).toEqual({ outcome: 'failed', fault: { code: 'changed' } });
		expect(desk.host.edits).toEqual([]);
	});
});
