/**
 * The other tabs of this browser. They are unlocked and locked together, so when one locks or signs
 * out none may stay open; one that waits for the link of a mail goes on when another has followed it;
 * what one has written all of them show; and nobody is away who is at another tab. They are told that
 * it happened, why it was locked, the id of an account that was opened, and nothing else.
 */
import type { Id } from '#lib/api/wire.ts';
import { LOCK_REASONS, type LockReason } from '#lib/browser/session-phase.ts';

const CHANNEL = 'keyhold-tabs';
const LOCKED = 'locked';
const OPENED = 'opened ';
const CONFIRMED = 'confirmed';
const CHANGED = 'changed';
const PRESENT = 'present';

/** Tells the other tabs what happened in this one, and this one what happened in another. */
export class Tabs {
	readonly #channel = new BroadcastChannel(CHANNEL);

	/** This tab has locked, and why. */
	tellLocked(reason: LockReason): void {
		this.#channel.postMessage(`${LOCKED} ${reason}`);
	}

	onLocked(action: (reason: LockReason) => void): void {
		for (const reason of LOCK_REASONS) {
			this.#on(`${LOCKED} ${reason}`, () => {
				action(reason);
			});
		}
	}

	/** This tab has opened this account. */
	tellOpened(account: Id): void {
		this.#channel.postMessage(OPENED + account);
	}

	onOpened(action: (account: Id) => void): void {
		this.#channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
			if (typeof data === 'string' && data.startsWith(OPENED)) action(data.slice(OPENED.length));
		});
	}

	/** The link that makes a new account was followed. */
	tellConfirmed(): void {
		this.#channel.postMessage(CONFIRMED);
	}

	/** The function returned takes it off. */
	onConfirmed(action: () => void): () => void {
		return this.#on(CONFIRMED, action);
	}

	/** Something was written. */
	tellChanged(): void {
		this.#channel.postMessage(CHANGED);
	}

	onChanged(action: () => void): void {
		this.#on(CHANGED, action);
	}

	/** Somebody is at this tab. */
	tellPresent(): void {
		this.#channel.postMessage(PRESENT);
	}

	onPresent(action: () => void): void {
		this.#on(PRESENT, action);
	}

	#on(message: string, action: () => void): () => void {
		const listener = ({ data }: MessageEvent<unknown>) => {
			if (data === message) action();
		};
		this.#channel.addEventListener('message', listener);
		return () => {
			this.#channel.removeEventListener('message', listener);
		};
	}
}
