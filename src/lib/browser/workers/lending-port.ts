/** The other end of `lender.ts`: how the worker with the keys lends, and asks for what was lent. */
import type { Clock } from '#lib/browser/clock.ts';
import { isAnswer, type ToLender } from '#lib/browser/workers/lender-messages.ts';
import type { Lent } from '#lib/keyholder/lent.ts';

/** The browser may have ended the lender, and a port does not tell. */
const ANSWER_MS = 4_000;

/** The part of a port that is used. */
export interface Port {
	postMessage(message: ToLender): void;
	addEventListener(
		type: 'message',
		listener: (event: { readonly data: unknown }) => void,
		options: { readonly once: true }
	): void;
	start(): void;
}

export class LendingPort {
	readonly #port: Port | undefined;
	/** Raised by every lock: what was still being made ready, or was only asked for, is dropped. */
	#era = 0;
	/** Whether it has lent, or was lent. */
	#takesPart = false;

	/** @param port undefined where this browser shares no workers */
	constructor(
		port: Port | undefined,
		private readonly clock: Pick<Clock, 'after'>
	) {
		this.#port = port;
	}

	/** Lends what `make` makes, unless it is locked meanwhile, or there is nothing to lend. */
	async lend(make: () => Promise<Lent | undefined>): Promise<void> {
		if (this.#port === undefined) return;
		const era = this.#era;
		const lent = await make();
		if (era !== this.#era || lent === undefined) return;
		this.#takesPart = true;
		this.#port.postMessage({ kind: 'lend', lent });
	}

	/** What another tab has lent. A lender that does not answer in time has nothing. */
	async ask(): Promise<Lent | undefined> {
		const port = this.#port;
		if (port === undefined) return undefined;
		const era = this.#era;
		const answer = await new Promise<unknown>((resolve) => {
			const answered = ({ data }: { readonly data: unknown }) => {
				resolve(data);
			};
			port.addEventListener('message', answered, { once: true });
			this.clock.after(ANSWER_MS, () => {
				resolve(undefined);
			});
			port.start();
			port.postMessage({ kind: 'ask' });
		});
		if (era !== this.#era || !isAnswer(answer) || answer.lent === undefined) return undefined;
		this.#takesPart = true;
		return answer.lent;
	}

	/** Locked, with all tabs: what was lent is taken back. */
	withdraw(): void {
		this.#lock('withdraw');
	}

	/** Locked alone: what was lent stays. */
	rest(): void {
		this.#lock('rest');
	}

	#lock(kind: 'withdraw' | 'rest'): void {
		this.#era++;
		if (this.#takesPart) this.#port?.postMessage({ kind });
		this.#takesPart = false;
	}
}
