/**
 * Workers for one errand each: heavy work for the worker that holds the keys. The page starts and
 * ends them, since the thread that hosts the keyholder may one day be one that cannot; what is said
 * passes through a port between the two workers, never through the page.
 */
import { transfer } from 'comlink';
import { connect } from '#lib/browser/workers/port.ts';
import type { Fault } from '#lib/browser/fault.ts';

export type ErrandName = 'argon2' | 'age' | 'import';

/** What the keyholder's worker asks of the page; from there every answer is a promise. */
export interface Errands {
	/** Starts a worker, in the place of one of that name that still runs; the port leads to it. */
	start(name: ErrandName): MessagePort | Promise<MessagePort>;
	end(name: ErrandName): void | Promise<void>;
}

export class PageErrands implements Errands {
	readonly #running = new Map<ErrandName, Worker>();

	/** @param onLost is told if a worker did not load, or ended by itself */
	constructor(
		private readonly startWorker: (name: ErrandName) => Worker,
		private readonly onLost: (name: ErrandName, fault: Fault) => void
	) {}

	start(name: ErrandName): MessagePort {
		this.end(name);
		const worker = this.startWorker(name);
		this.#running.set(name, worker);
		worker.addEventListener('error', (event) => {
			if (this.#running.get(name) !== worker) return;
			this.end(name);
			this.onLost(name, { code: lossOf(event) });
		});
		const port = connect(worker);
		return transfer(port, [port]);
	}

	end(name: ErrandName): void {
		this.#running.get(name)?.terminate();
		this.#running.delete(name);
	}

	endAll(): void {
		for (const name of [...this.#running.keys()]) this.end(name);
	}
}

/**
 * A script that did not load says so by an event without a message. What fails later fails outside
 * of our own error handling, for which these workers have one cause: their memory.
 */
export function lossOf(event: Event): 'program' | 'memory' {
	return 'message' in event ? 'memory' : 'program';
}
