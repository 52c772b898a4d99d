/**
 * The other tabs of this browser. They share one session with the server, so when one signs out
 * none may stay open. They are told that it happened, and nothing else.
 */
const CHANNEL = 'keyhold-tabs';
const SIGNED_OUT = 'signed-out';

/** Tells the other tabs that this one signed out, and this one when another did. */
export class Tabs {
	readonly #channel = new BroadcastChannel(CHANNEL);

	tellSignedOut(): void {
		this.#channel.postMessage(SIGNED_OUT);
	}

	onSignedOut(action: () => void): void {
		this.#channel.addEventListener('message', ({ data }) => {
			if (data === SIGNED_OUT) action();
		});
	}
}
