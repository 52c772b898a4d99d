/**
 * What is asked of the server at each unlock, for what the pages say by themselves. Apart from
 * `affairs.ts`, so that who only looks at their keys loads nothing of what changes an account.
 */
import type { ErasureState } from '#lib/api/erasures.ts';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import type { RemindersState } from '#lib/api/reminders.ts';
import type { Holder } from '#lib/keyholder/holder.ts';

export class Notices {
	readonly #holder: Holder;

	constructor(holder: Holder) {
		this.#holder = holder;
	}

	/** Whether this server sends reminders, and on which days. */
	async reminders(): Promise<RemindersState> {
		return await this.#holder.read(({ holding }) => holding.link.call(openingRoutes.reminders));
	}

	/** Whether somebody has asked by mail that the account be erased. */
	async erasure(): Promise<ErasureState> {
		return await this.#holder.read(({ holding }) => holding.link.call(openingRoutes.erasureState));
	}
}
