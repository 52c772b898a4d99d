/**
 * Locks when nobody is there: after idle minutes, when the page is hidden (if asked for), and
 * after the machine slept.
 */
import type { Clock } from '#lib/browser/clock.ts';
import type { AutoLockSettings } from '#lib/items/key.ts';

export type AutoLockReason = 'idle' | 'hidden' | 'slept';

export const IDLE_MINUTES = 15;

const CHECK_MS = 10_000;
/**
 * A longer silence between two checks means sleep. Browsers let the timers of a hidden page run
 * once a minute, so a minute means nothing yet.
 */
const SLEEP_MS = 150_000;

export class AutoLock {
	#secondsLeft = $state.raw<number>();
	#endChecks: (() => void) | undefined;
	#activeAt = 0;
	#checkedAt = 0;

	constructor(
		private readonly clock: Clock,
		private readonly lock: (reason: AutoLockReason) => void,
		/** Read at every check, so that a change acts at once. */
		private readonly settings: () => AutoLockSettings = () => ({})
	) {}

	/** Until it locks for idleness, to the precision of its checks; absent while it does not run. */
	get secondsLeft(): number | undefined {
		return this.#secondsLeft;
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
		const { afterSleep = true } = this.settings();
		const silenceMs = now - this.#checkedAt;
		this.#checkedAt = now;
		// A clock that was set back must not make the page stay open for longer.
		if (now < this.#activeAt) this.#activeAt = now;
		if (afterSleep && silenceMs > SLEEP_MS) this.#end('slept');
		else if (now - this.#activeAt >= this.#idleMs()) this.#end('idle');
		else this.#show();
	}

	#end(reason: AutoLockReason): void {
		this.stop();
		this.lock(reason);
	}

	#show(): void {
		this.#secondsLeft = Math.ceil((this.#activeAt + this.#idleMs() - this.clock.now()) / 1_000);
	}

	#idleMs(): number {
		return (this.settings().idleMinutes ?? IDLE_MINUTES) * 60_000;
	}
}
