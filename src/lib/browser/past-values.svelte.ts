/**
 * Previous values that were kept until a date: a device that is unlocked and sees one past it drops
 * it, if the server's clock is past it too. Nobody waits for it, so it gives way to everything else:
 * it never runs while a key is edited, and where another device has written meanwhile it writes
 * nothing.
 */
import type { AgreedTime } from '#lib/browser/agreed-time.ts';
import type { Clock } from '#lib/browser/clock.ts';
import type { Rewritten } from '#lib/browser/previous-values.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { isPast } from '#lib/items/previous.ts';
import type { KeyEdit, KeyRow } from '#lib/keyholder/views.ts';

/** A browser's timer does not hold longer waits than some weeks; an hour is fine. */
const LONGEST_WAIT_MS = 3_600_000;

export class PastValues {
	/** Raised when a date has come: whoever looks at it looks again. */
	#turn = $state.raw(0);
	#running: Promise<void> | undefined;
	#wake: (() => void) | undefined;
	#restUntil = 0;
	/** Keys that could not be opened, until the next time that the vault is unlocked. */
	#spared: readonly string[] = [];
	/** What became of the rows that were written last, for edits that began before. */
	#rewritten: readonly Rewritten[] = [];

	constructor(
		private readonly session: Session,
		private readonly clock: Clock,
		private readonly agreedTime: AgreedTime
	) {
		session.onLock(() => {
			this.#wake?.();
			this.#wake = undefined;
			this.#restUntil = 0;
			this.#spared = [];
			this.#rewritten = [];
		});
	}

	/**
	 * Drops what is past, if it is `idle`, and waits for what will be. To be called in an effect: it
	 * looks at all that may change its answer.
	 */
	look(idle: boolean): void {
		const free = idle && this.#turn >= 0;
		const waiting = this.session.rows.filter((row) => this.#waits(row));
		this.#wake?.();
		this.#wake = undefined;
		if (!free || waiting.length === 0 || this.#running !== undefined) return;
		const now = this.clock.now();
		// Set back since: no rest is longer than that.
		if (this.#restUntil - now > LONGEST_WAIT_MS) this.#restUntil = 0;
		const past = waiting.filter(({ overview }) => isPast(overview, now));
		if (past.length > 0 && now >= this.#restUntil) {
			this.#running = this.#drop(past).finally(() => {
				this.#running = undefined;
				this.#turn++;
			});
			return;
		}
		const first = Math.min(...waiting.map(({ overview }) => overview.previousUntil ?? Infinity));
		const next = Math.max(first, this.#restUntil);
		this.#wake = this.clock.after(Math.min(next - now, LONGEST_WAIT_MS), () => {
			this.#turn++;
		});
	}

	/** `edits` once nothing is being dropped any more, of the keys as they are then. */
	async settled(edits: readonly KeyEdit[]): Promise<readonly KeyEdit[]> {
		await this.#running;
		if (this.#rewritten.length === 0) return edits;
		const { ofRewritten } = await import('#lib/browser/previous-values.ts');
		return edits.map((edit) => ofRewritten(edit, this.#rewritten));
	}

	/** A key in the trash stays as it went there. */
	#waits({ item, overview, unreadable }: KeyRow): boolean {
		const { previousUntil, trashedAt } = overview;
		const kept = previousUntil !== undefined && trashedAt === undefined;
		return kept && unreadable !== true && !this.#spared.includes(item);
	}

	async #drop(rows: readonly KeyRow[]): Promise<void> {
		try {
			const { dropPast } = await import('#lib/browser/previous-values.ts');
			const now = await this.agreedTime();
			const past = rows.filter(({ overview }) => isPast(overview, now));
			if (past.length === 0) {
				this.#rest();
				return;
			}
			const { rewritten, spared } = await dropPast(this.session, past, now);
			this.#rewritten = rewritten;
			this.#spared = [...this.#spared, ...spared];
		} catch {
			// Locked, no network, or others were faster every time: there is no hurry.
			this.#rest();
		}
	}

	#rest(): void {
		this.#restUntil = this.clock.now() + LONGEST_WAIT_MS;
	}
}
