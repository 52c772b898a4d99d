/** The other end of `lender.ts`: how the worker with the keys lends, and asks for what was lent. */
import type { LenderAnswer, ToLender } from '#lib/browser/workers/lender.ts';
import type { Lent } from '#lib/keyholder/lending.ts';

/** The part of a port that is used. */
export interface Port {
	postMessage(message: ToLender): void;
	addEventListener(
		type: 'message',
		listener: (event: { readonly data: LenderAnswer }) => void,
		options: { readonly once: true }
	): void;
	start(): void;
}

export class LendingPort {
	readonly #port: Port | undefined;
	/** Raised by every lock: what was still being made ready to be lent is dropped. */
	#era = 0;
	#lent = false;

	/** @param port undefined where this browser shares no workers */
	constructor(port: Port | undefined) {
		this.#port = port;
	}

	/** Lends what `make` makes, unless it is locked meanwhile, or there is nothing to lend. */
	async lend(make: () => Promise<Lent | undefined>): Promise<void> {
		if (this.#port === undefined) return;
		const era = this.#era;
		const lent = await make();
		if (era !== this.#era || lent === undefined) return;
		this.#lent = true;
		this.#port.postMessage({ kind: 'lend', lent });
	}

	/** What another tab has lent. Whoever waits for it gives up in time. */
	async ask(): Promise<Lent | undefined> {
		const port = this.#port;
		if (port === undefined) return undefined;
		return await new Promise((resolve) => {
			const answered = ({ data }: { readonly data: LenderAnswer }) => {
				// Whoever took it may find that it is good no more, and take it back for all.
				this.#lent = data.lent !== undefined;
				resolve(data.lent);
			};
			port.addEventListener('message', answered, { once: true });
			port.start();
			port.postMessage({ kind: 'ask' });
		});
	}

	/** Locked, with all tabs: whatever this one has lent is taken back. */
	withdraw(): void {
		this.#era++;
		if (this.#lent) this.#port?.postMessage({ kind: 'withdraw' });
		this.#lent = false;
	}

	/** Locked alone: what was lent stays. */
	rest(): void {
		this.#era++;
		this.#lent = false;
	}
}
