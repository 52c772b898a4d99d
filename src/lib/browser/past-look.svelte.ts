/**
 * Whether previous values that were kept until a date may go now. What makes them go is loaded where a
 * key has one.
 */
import type { AgreedTime } from '#lib/browser/agreed-time.ts';
import type { Clock } from '#lib/browser/clock.ts';
import type { PastValues } from '#lib/browser/past-values.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { KeyEdit } from '#lib/keyholder/views.ts';

export class PastLook {
	#holds = $state.raw(0);
	#values = $state.raw<PastValues>();

	constructor(
		private readonly session: Session,
		private readonly clock: Clock,
		private readonly agreedTime: AgreedTime,
		/** Whether values are on screen: then none of them goes. */
		private readonly showing: () => boolean
	) {}

	/** Nothing is dropped until the function returned is called: a form is open. */
	hold(): () => void {
		this.#holds++;
		return () => {
			this.#holds--;
		};
	}

	/**
	 * Drops what is past, if `idle`, and waits for what will be. To be called in an effect: it looks at
	 * all that may change its answer.
	 */
	look(idle: boolean): void {
		const values = this.#values;
		const free = idle && !this.showing() && this.#holds === 0;
		if (values !== undefined) values.look(free);
		else if (this.session.rows.some(({ overview }) => overview.previousUntil !== undefined)) {
			// Nobody waits for it; where it does not load, the next change tries again.
			void this.#load().catch(() => undefined);
		}
	}

	/** `edits` once nothing is being dropped any more, of the keys as they are then. */
	async settled(edits: readonly KeyEdit[]): Promise<readonly KeyEdit[]> {
		return (await this.#values?.settled(edits)) ?? edits;
	}

	async #load(): Promise<void> {
		const { PastValues } = await import('#lib/browser/past-values.svelte.ts');
		this.#values ??= new PastValues(this.session, this.clock, this.agreedTime);
	}
}
