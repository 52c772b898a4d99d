/**
 * Locks when nobody is there: after idle minutes, when the page is hidden (if asked for), and
 * after the machine slept.
 */
import type { Clock } from '#lib/browser/clock.ts';
import { IDLE_MINUTES, idleMsOf, lapseOf } from '#lib/browser/lapse.ts';
import type { AutoLockSettings } from '#lib/items/key.ts';

export type AutoLockReason = 'idle' | 'hidden' | 'slept';

/** What is left is shown in minutes and seconds, so it counts each. */
const CHECK_MS = 1_000;

export class AutoLock {
	#secondsLeft = $state.raw<number>();
	#endChecks: (() => void) | undefined;
	#idleMinutes = IDLE_MINUTES;
	#activeAt = 0;
	#checkedAt = 0;

	constructor(
		private readonly clock: Clock,
		private readonly lock: (reason: AutoLockReason) => void,
		/** Read at every check, so that a change acts at once. */
		private readonly settings: () => AutoLockSettings = () => ({})
	) {}

	/** Until it locks for idleness; absent while it does not run. */
	get secondsLeft(): number | undefined {
		return this.#secondsLeft;
	}

	/** After how many it locked, or would: for the sentence that says so, once the settings are closed. */
	get idleMinutes(): number {
		return this.#idleMinutes;
	}

	/** To be called at every unlock. */
	start(): void {
		this.stop();
		this.#activeAt = this.#checkedAt = this.clock.now();
		this.#endChecks = this.clock.every(CHECK_MS, () => {
			this.check();
		});
		this.#show();
	}

	/** To be called at every lock. */
	stop(): void {
		this.#endChecks?.();
		this.#endChecks = undefined;
		this.#secondsLeft = undefined;
	}

	/** Somebody pressed, moved or typed. The time that passed counts first: it may be a waking up. */
	active(): void {
		this.check();
		this.#activeAt = this.clock.now();
	}

	/** The page went out of sight. */
	hidden(): void {
		if (this.#endChecks !== undefined && this.settings().onHide === true) this.#end('hidden');
	}

	/** To be called when the page comes back into sight too: timers may have stood still. */
	check(): void {
		if (this.#endChecks === undefined) return;
		const now = this.clock.now();
		// A clock that was set back must not make the page stay open for longer.
		if (now < this.#activeAt) this.#activeAt = now;
		const watched = { activeAt: this.#activeAt, checkedAt: this.#checkedAt };
		this.#checkedAt = now;
		const lapse = lapseOf(now, watched, this.settings());
		this.#idleMinutes = this.settings().idleMinutes ?? IDLE_MINUTES;
		if (lapse === undefined) this.#show();
		else this.#end(lapse);
	}

	#end(reason: AutoLockReason): void {
		this.stop();
		this.lock(reason);
	}

	#show(): void {
		const endsAt = this.#activeAt + idleMsOf(this.settings());
		this.#secondsLeft = Math.ceil((endsAt - this.clock.now()) / 1_000);
	}
}
