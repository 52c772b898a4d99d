/**
 * One stretch between unlocking and locking. Everything that is under way belongs to one and ends
 * with it: after a lock nothing is sent, nothing is stored, and no key comes back.
 */
import { KeyholderError } from '#lib/keyholder/errors.ts';

export class Life {
	#over = false;
	#fault: KeyholderError | undefined;
	#last: Promise<unknown> = Promise.resolve();
	readonly #ended: Promise<never>;
	#reject: (reason: KeyholderError) => void = () => undefined;

	constructor() {
		this.#ended = new Promise((_, reject) => {
			this.#reject = reject;
		});
		// Nobody may be waiting when it ends, and that is no error.
		this.#ended.catch(() => undefined);
	}

	/** Keys may be wiped afterwards at once: what is under way can no longer send what it makes of them. */
	end(): void {
		this.#over = true;
		this.#reject(locked());
	}

	/** After this the server is not spoken to any more: what it served cannot be trusted. */
	stop(fault: KeyholderError): void {
		this.#fault ??= fault;
	}

	/** To be asked after every wait, and before anything leaves this device or is stored on it. */
	check(): void {
		if (this.#over) throw locked();
		if (this.#fault !== undefined) throw this.#fault;
	}

	/**
	 * Runs `work` once everything that was asked before has finished, so that two saves of one page
	 * never race each other.
	 *
	 * @throws {KeyholderError} `locked` as soon as this life ends, whatever `work` still waits for.
	 */
	async queue<T>(work: () => Promise<T>): Promise<T> {
		const turn = this.#last.then(() => {
			this.check();
			return work();
		});
		this.#last = turn.catch(() => undefined);
		return await this.until(turn);
	}

	/** `waited`, but `locked` as soon as this life ends. */
	async until<T>(waited: Promise<T>): Promise<T> {
		const value = await Promise.race([waited, this.#ended]);
		this.check();
		return value;
	}
}

function locked(): KeyholderError {
	return new KeyholderError('locked', 'locked');
}
