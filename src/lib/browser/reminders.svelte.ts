/**
 * Reminders by mail. Which key has one stands in its sealed overview; the server is told the days of
 * all of them together, and told again whenever these change, also because a key went into the trash.
 */
import { REMINDERS_MAX } from '#lib/api/limits.ts';
import type { RemindersState } from '#lib/api/reminders.ts';
import type { Clock } from '#lib/browser/clock.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { dayOf } from '#lib/items/expiry.ts';
import { reminderDays } from '#lib/items/reminder.ts';

export class Reminders {
	#state = $state.raw<RemindersState>();
	/** Of the days that could not be told: they are not tried again until something changes. */
	#failed = $state.raw<string>();
	#telling = false;

	constructor(
		private readonly session: Session,
		private readonly clock: Clock
	) {
		session.onLock(() => {
			this.#state = undefined;
			this.#failed = undefined;
		});
	}

	/** Whether the server sends any; undefined until it has said so. */
	get offered(): boolean | undefined {
		return this.#state?.mail;
	}

	/** Whether the server waits for this day. */
	isWaitedFor(day: string): boolean {
		return this.#state?.days.includes(day) ?? false;
	}

	/** Asks whether the server sends any. Nobody waits for the answer. */
	async ask(): Promise<void> {
		if (this.#state !== undefined) return;
		this.#state = await this.#quietly(() => this.session.call((host) => host.reminders()));
	}

	/**
	 * Tells the server the days, if it does not know them and `online`. To be called in an effect: it
	 * looks at all that may change its answer. Whoever never asked for a reminder sends nothing.
	 */
	look(online: boolean): void {
		const today = dayOf(this.clock.now());
		const wanted = reminderDays(
			this.session.rows.map(({ overview }) => overview),
			today,
			REMINDERS_MAX
		);
		const done = this.#knows(wanted, today) || this.#failed === wanted.join();
		if (!online || done || this.#telling) return;
		this.#telling = true;
		void this.#tell(wanted, today).finally(() => {
			this.#telling = false;
		});
	}

	/** What was not asked for yet is taken for nothing. */
	#knows(days: readonly string[], today: string): boolean {
		const known = this.#state?.days.filter((day) => day > today) ?? [];
		return known.join() === days.join();
	}

	async #tell(days: readonly string[], today: string): Promise<void> {
		await this.ask();
		if (this.#knows(days, today)) return;
		// A server that sends no mail any more.
		const told =
			this.#state?.mail === false
				? undefined
				: await this.#quietly(() => this.session.call((host) => host.setReminders(days)));
		if (told === undefined) this.#failed = days.join();
		else {
			this.#failed = undefined;
			this.#state = told;
		}
	}

	async #quietly<Value>(action: () => Promise<Value>): Promise<Value | undefined> {
		try {
			return await action();
		} catch {
			// Offline, or locked meanwhile.
			return undefined;
		}
	}
}
