/** What was said last to screen readers; the Announcer in the root layout reads it. */
import { browserClock, type Clock } from '#lib/browser/clock.ts';

/** Long enough to be read; after that whoever walks over the page would meet what is past. */
const STAYS_MS = 10_000;

export class Speech {
	#said = $state.raw<{ readonly text: string }>();
	#end: (() => void) | undefined;

	constructor(private readonly clock: Pick<Clock, 'after'> = browserClock) {}

	get said(): { readonly text: string } | undefined {
		return this.#said;
	}

	/** The same sentence twice is said twice. */
	say(text: string): void {
		this.forget();
		this.#said = { text };
		this.#end = this.clock.after(STAYS_MS, () => {
			this.forget();
		});
	}

	/** What was said may hold the name of a key. */
	forget(): void {
		this.#end?.();
		this.#end = undefined;
		this.#said = undefined;
	}
}
