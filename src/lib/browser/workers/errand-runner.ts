/** The other end of `errands.ts`: how the worker with the keys has an errand done. */
import { releaseProxy, wrap, type Remote } from 'comlink';
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import { valueOf, type Answer } from '#lib/browser/workers/answer.ts';
import type { ErrandName, Errands } from '#lib/browser/workers/errands.ts';

export class ErrandRunner {
	/** Of the newest errand of each name. */
	readonly #giveUp = new Map<ErrandName, (error: FaultError) => void>();

	constructor(private readonly errands: Errands) {}

	/**
	 * Starts the worker, asks it one question by a message, ends it; otherwise as {@link run}.
	 *
	 * @throws {FaultError} what the worker answered, or what {@link lose} was told
	 */
	async ask<Value>(name: ErrandName, question: unknown): Promise<Value> {
		return await this.#errand(
			name,
			(port) =>
				new Promise<Answer<Value>>((answered) => {
					port.addEventListener('message', ({ data }: MessageEvent<Answer<Value>>) => {
						answered(data);
					});
					port.start();
					port.postMessage(question);
				})
		);
	}

	/**
	 * Starts the worker, asks it, ends it. The worker of an older errand of that name is ended by the
	 * start, and whoever waits for that one gets `locked`.
	 *
	 * @throws {FaultError} what the worker answered, or what {@link lose} was told
	 */
	async run<Calls, Value>(
		name: ErrandName,
		ask: (calls: Remote<Calls>) => Promise<Answer<Value>>
	): Promise<Value> {
		return await this.#errand(name, async (port) => {
			// Held until the answer is there: comlink closes a port once nobody holds what it wrapped it in,
			// and an errand under way would be waited for in vain.
			const calls = wrap<Calls>(port);
			try {
				return await ask(calls);
			} finally {
				calls[releaseProxy]();
			}
		});
	}

	/** The worker is no more: whoever waits for it gets `fault`. */
	lose(name: ErrandName, fault: Fault): void {
		this.#giveUp.get(name)?.(new FaultError(fault));
	}

	async #errand<Value>(
		name: ErrandName,
		ask: (port: MessagePort) => Promise<Answer<Value>>
	): Promise<Value> {
		this.lose(name, { code: 'locked' });
		let giveUp: (error: FaultError) => void = () => undefined;
		const lost = new Promise<never>((_, reject) => (giveUp = reject));
		this.#giveUp.set(name, giveUp);
		// The worker may be lost before anybody waits for it.
		lost.catch(() => undefined);
		const port = await this.errands.start(name);
		try {
			return valueOf(await Promise.race([ask(port), lost]));
		} finally {
			port.close();
			// Of a newer errand the worker has taken the place of this one's.
			if (this.#giveUp.get(name) === giveUp) {
				this.#giveUp.delete(name);
				void this.errands.end(name);
			}
		}
	}
}
