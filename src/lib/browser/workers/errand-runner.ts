/** The other end of `errands.ts`: how the worker with the keys has an errand done. */
import { releaseProxy, wrap, type Remote } from 'comlink';
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import { valueOf, type Answer } from '#lib/browser/workers/answer.ts';
import type { ErrandName, Errands } from '#lib/browser/workers/errands.ts';

export class ErrandRunner {
	readonly #giveUp = new Map<ErrandName, (error: FaultError) => void>();

	constructor(private readonly errands: Errands) {}

	/**
	 * Starts the worker, asks it, ends it.
	 *
	 * @throws {FaultError} what the worker answered, or what {@link lose} was told
	 */
	async run<Calls, Value>(
		name: ErrandName,
		ask: (calls: Remote<Calls>) => Promise<Answer<Value>>
	): Promise<Value> {
		const lost = new Promise<never>((_, reject) => this.#giveUp.set(name, reject));
		// The worker may be lost before anybody waits for it.
		lost.catch(() => undefined);
		const port = await this.errands.start(name);
		// Held until the answer is there: comlink closes a port once nobody holds what it wrapped it in,
		// and an errand under way would be waited for in vain.
		const calls = wrap<Calls>(port);
		try {
			return valueOf(await Promise.race([ask(calls), lost]));
		} finally {
			this.#giveUp.delete(name);
			calls[releaseProxy]();
			port.close();
			void this.errands.end(name);
		}
	}

	/** The worker is no more: whoever waits for it gets `fault`. */
	lose(name: ErrandName, fault: Fault): void {
		this.#giveUp.get(name)?.(new FaultError(fault));
	}
}
