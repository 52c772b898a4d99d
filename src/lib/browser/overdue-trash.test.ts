import { describe, expect, test } from 'vitest';
import { agreedTime } from '#lib/browser/agreed-time.ts';
import { FaultError } from '#lib/browser/fault.ts';
import { eraseOverdue } from '#lib/browser/overdue-trash.ts';
import { Wallet } from '#lib/browser/wallet.svelte.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { WalletWorld } from '../../../tests/browser/wallet-world.ts';

const DAY = 86_400_000;

/** A vault with keys that went into the trash so many days ago, and one that is not in there. */
class Desk extends WalletWorld {
	static async open(daysAgo: Readonly<Record<string, number>>, known = true): Promise<Desk> {
		const desk = new Desk();
		desk.known = known;
		const now = desk.clock.now();
		const trashed = Object.entries(daysAgo).map(([name, days]) =>
			rowOf(name, { trashedAt: now - days * DAY })
		);
		await desk.unlock([rowOf('kept'), ...trashed]);
		return desk;
	}

	async look(wallet = this.wallet): Promise<void> {
		await eraseOverdue(this.session, wallet, this.clock);
	}

	/** What is there still, but for the key that was never in the trash. */
	get left(): string[] {
		return this.host.rows.map(({ overview }) => overview.name).filter((name) => name !== 'kept');
	}
}

describe('eraseOverdue', () => {
	test('erases what went into the trash 30 days ago, in one commit, and spares what did after', async () => {
		const desk = await Desk.open({ a: 31, b: 30, c: 29, d: 30 - 1 / DAY, e: 0 });
		await desk.look();
		expect(desk.left).toEqual(['c', 'd', 'e']);
		expect(desk.host.edits).toMatchObject([[{ kind: 'drop' }, { kind: 'drop' }]]);
	});

	test('leaves alone what is not in the trash', async () => {
		const desk = await Desk.open({ a: 30 });
		await desk.look();
		expect(desk.host.rows.map(({ overview }) => overview.name)).toEqual(['kept']);
	});

	test('erases it in a vault that is not shown', async () => {
		const desk = await Desk.open({ a: 30 });
		desk.host.vaultNames.set('vault-work', 'Work');
		await desk.session.look();
		desk.wallet.showVault('vault-work');
		await desk.look();
		expect(desk.left).toEqual([]);
	});

	test('erases nothing early where the clock of this device runs ahead', async () => {
		const desk = await Desk.open({ a: 29 });
		desk.clock.jump(2 * DAY);
		desk.serverAheadMs = -2 * DAY;
		await desk.look();
		expect(desk.left).toEqual(['a']);
		expect(desk.host.edits).toEqual([]);
	});

	test('erases nothing early where the clock of the server runs ahead', async () => {
		const desk = await Desk.open({ a: 29 });
		desk.serverAheadMs = 2 * DAY;
		await desk.look();
		expect(desk.left).toEqual(['a']);
	});

	test('erases only what both clocks are past', async () => {
		const desk = await Desk.open({ a: 31, b: 29 });
		desk.clock.jump(2 * DAY);
		desk.serverAheadMs = -2 * DAY;
		await desk.look();
		expect(desk.left).toEqual(['b']);
	});

	test('erases nothing where the server does not say what time it is', async () => {
		const desk = await Desk.open({ a: 30 });
		const mute = agreedTime(desk.clock, () => Promise.reject(new FaultError({ code: 'offline' })));
		await desk.look(new Wallet(desk.session, desk.clipboard, desk.clock, mute));
		expect(desk.left).toEqual(['a']);
		expect(desk.host.edits).toEqual([]);
	});

	test('keeps what could not be erased for the next time', async () => {
		const desk = await Desk.open({ a: 30 });
		desk.fail('offline');
		await desk.look();
		expect(desk.left).toEqual(['a']);
		desk.host.fault = undefined;
		await desk.look();
		expect(desk.left).toEqual([]);
	});

	test('erases nothing in a state that does not verify', async () => {
		const desk = await Desk.open({ a: 30 });
		desk.fail('integrity');
		await desk.wallet.refresh();
		expect(desk.session.broken).toBe(true);
		desk.host.fault = undefined;
		await desk.look();
		expect(desk.left).toEqual(['a']);
		expect(desk.host.edits).toEqual([]);
	});

	test('erases nothing in a state that nobody has confirmed, and does once it is', async () => {
		const desk = await Desk.open({ a: 30 }, false);
		await desk.look();
		expect(desk.left).toEqual(['a']);
		desk.session.firstSight.confirm();
		await desk.look();
		expect(desk.left).toEqual([]);
	});

	test('erases nothing where it was locked while the server was asked', async () => {
		const desk = await Desk.open({ a: 30 });
		const slow = agreedTime(desk.clock, () => {
			desk.session.lock();
			return Promise.resolve(desk.clock.now());
		});
		await desk.look(new Wallet(desk.session, desk.clipboard, desk.clock, slow));
		expect(desk.left).toEqual(['a']);
	});
});
