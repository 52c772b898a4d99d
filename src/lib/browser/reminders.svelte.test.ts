import { describe, expect, test } from 'vitest';
import { Reminders } from '#lib/browser/reminders.svelte.ts';
import { rowOf } from '../../../tests/browser/keys.ts';
import { settled } from '../../../tests/browser/settled.ts';
import { World } from '../../../tests/browser/world.ts';

const [DAY, OTHER] = ['2026-04-06', '2026-05-01'] as const;

class Desk extends World {
	readonly reminders = new Reminders(this.session, this.clock);

	static async open(...days: (string | undefined)[]): Promise<Desk> {
		const desk = new Desk();
		await desk.unlock(
			days.map((reminderOn, index) =>
				rowOf(String(index), reminderOn === undefined ? {} : { reminderOn })
			)
		);
		return desk;
	}

	async look(online = true): Promise<void> {
		await this.session.look();
		this.reminders.look(online);
		await settled();
	}

	get sent(): string[] {
		return this.host.asked.filter((call) => call.startsWith('setReminders'));
	}
}

describe('look', () => {
	test('asks nothing and tells nothing where no key has a reminder', async () => {
		const desk = await Desk.open(undefined);
		await desk.look();
		expect(desk.host.asked.filter((call) => /reminders/i.test(call))).toEqual([]);
	});

	test('tells the days, each once, and no more than that', async () => {
		const desk = await Desk.open(OTHER, DAY, DAY);
		await desk.look();
		await desk.look();
		expect(desk.sent).toEqual([`setReminders ${DAY} ${OTHER}`]);
		expect(desk.reminders.isWaitedFor(DAY)).toBe(true);
	});

	test('tells nothing that the server knows', async () => {
		const desk = await Desk.open(DAY);
		desk.host.reminded = [DAY];
		await desk.look();
		expect(desk.sent).toEqual([]);
	});

	test('takes a day back when its key goes into the trash', async () => {
		const desk = await Desk.open(DAY);
		await desk.look();
		desk.host.rows = desk.host.rows.map((row) => ({
			...row,
			overview: { ...row.overview, trashedAt: 1 }
		}));
		await desk.look();
		expect(desk.host.reminded).toEqual([]);
	});

	test('waits for the network, and does not try again and again', async () => {
		const desk = await Desk.open(DAY);
		await desk.look(false);
		expect(desk.host.asked).not.toContain('reminders');
		desk.host.mails = false;
		await desk.look();
		await desk.look();
		expect(desk.sent).toEqual([]);
		expect(desk.reminders.offered).toBe(false);
		expect(desk.host.asked.filter((call) => call === 'reminders')).toHaveLength(1);
	});

	test('forgets what the server said at a lock', async () => {
		const desk = await Desk.open(DAY);
		await desk.look();
		desk.session.lock();
		expect(desk.reminders.offered).toBeUndefined();
	});
});
