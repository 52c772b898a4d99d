/** An end of the account that comes by itself, if nobody stops it. */
import type { Session } from '#lib/browser/session.svelte.ts';

export class Erasure {
	#eraseAtMs = $state.raw<number>();

	constructor(private readonly session: Session) {
		session.onLock(() => {
			this.#eraseAtMs = undefined;
		});
	}

	/** When the account is erased: somebody has asked for it by a link in its owner's mail. */
	get eraseAtMs(): number | undefined {
		return this.#eraseAtMs;
	}

	/** Asks whether an erasure is under way. Nobody waits for the answer, so a fault is not shown. */
	async look(): Promise<void> {
		try {
			const { eraseAtMs } = await this.session.call((host) => host.erasure());
			this.#eraseAtMs = eraseAtMs;
		} catch {
			// Offline, or locked meanwhile: it is asked again.
		}
	}
}
