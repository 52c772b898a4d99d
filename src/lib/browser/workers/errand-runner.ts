/** The other end of `errands.ts`: how the worker with the keys has an errand done. */
import { releaseProxy, wrap, type Remote } from 'comlink';
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import { valueOf, type Answer } from '#lib/browser/workers/answer.ts';
import type { ErrandName, Errands } from '#lib/browser/workers/errands.ts';

export class ErrandRunner {
	/** How the errand that is under way is given up. */
	readonly #giveUp = new Map<ErrandName, (error: FaultError) => void>();

	constructor(private readonly errands: Errands) {}

	/**
	 * Starts the worker, asks it, ends it. An errand of that name that is under way is given up: its
	 * worker makes room for this one.
	 *
	 * @throws {FaultError} what the worker answered, what {@link lose} was told, `locked` if given up
	 */
	async run<Calls, Value>(
		name: ErrandName,
		ask: (calls: Remote<Calls>) => Promise<Answer<Value>>
	): Promise<Value> {
		this.lose(name, { code: 'locked' });
		let giveUp: (error: FaultError) => void = () => undefined;
		const lost = new Promise<never>((_, reject) => (giveUp = reject));
		this.#giveUp.set(name, giveUp);
		// The worker may be lost before anybody waits for it.
		lost.catch(() => undefined);
		const port = await this.errands.start(name);
		// Held until the answer is there: comlink closes a port once nobody holds what it wrapped it in,
		// and an errand under way would be waited for in vain.
		const calls = wrap<Calls>(port);
		try {
			return valueOf(await Promise.race([ask(calls), lost]));
		} finally {
			calls[releaseProxy]();
			port.close();
			// By now the worker of that name may be another's.
			if (this.#giveUp.get(name) === giveUp) {
				this.#giveUp.delete(name);
				void this.errands.end(name);
			}
		}
	}

	/** The worker is no more: whoever waits for it gets `fault`. */
	lose(name: ErrandName, fault: Fault): void {
		this.#giveUp.get(name)?.(new FaultError(fault));
	}
}
