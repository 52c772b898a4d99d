/**
 * The way from the page to the worker with the keys: started, asked, and its end noticed however it
 * came about.
 */
import { proxy, transfer, wrap, type Remote } from 'comlink';
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import type { PageLender, WayToLender } from '#lib/browser/page-lender.ts';
import { valueOf, type Answer } from '#lib/browser/workers/answer.ts';
import { PageErrands } from '#lib/browser/workers/errands.ts';
import type { KeyholderCalls } from '#lib/browser/workers/keyholder-calls.ts';
import type { KeyholderWorker } from '#lib/browser/workers/keyholder.worker.ts';
import { startWorker } from '#lib/browser/workers/start.ts';

export type Calls = Remote<KeyholderCalls>;

export class WorkerChannel {
	readonly errands: PageErrands;
	readonly #worker: Worker;
	readonly #calls: Promise<Calls>;
	readonly #lost: Promise<never>;
	readonly #wayToLender: Promise<WayToLender | undefined>;
	#lose: (error: FaultError) => void = () => undefined;
	#ended = false;

	/** @param onLost told if the worker ends by itself */
	constructor(
		private readonly onLost: (fault: Fault) => void,
		lender: PageLender
	) {
		this.#wayToLender = lender.connect();
		this.#lost = new Promise<never>((_, reject) => {
			this.#lose = reject;
		});
		// It may end while nobody waits for anything.
		this.#lost.catch(() => undefined);
		this.#worker = startWorker('keyholder');
		this.#worker.addEventListener('error', (event) => {
			this.#over({ code: 'message' in event ? 'worker-lost' : 'program' });
		});
		this.errands = new PageErrands(startWorker, (name, fault) => {
			void this.#calls.then((calls) => calls.errandLost(name, fault));
		});
		this.#calls = this.#start();
		this.#calls.catch(() => undefined);
	}

	/** @throws {FaultError} the fault that was answered, or `worker-lost` */
	async ask<Value>(call: (calls: Calls) => Promise<Answer<Value>>): Promise<Value> {
		return valueOf(await this.until(call));
	}

	/** @throws {FaultError} `worker-lost` */
	async until<Value>(call: (calls: Calls) => Promise<Value>): Promise<Value> {
		const calls = await Promise.race([this.#calls, this.#lost]);
		return await Promise.race([call(calls), this.#lost]);
	}

	/**
	 * Ends the worker; whoever waits for it gets `worker-lost`.
	 *
	 * @param keep whether what it has lent to other tabs stays
	 */
	end(keep = false): void {
		if (this.#ended) return;
		this.#ended = true;
		void this.#wayToLender.then((way) => way?.close(keep));
		this.errands.endAll();
		this.#worker.terminate();
		this.#lose(new FaultError({ code: 'worker-lost' }));
	}

	async #start(): Promise<Calls> {
		const lock = `keyhold-worker-${crypto.randomUUID()}`;
		const worker = wrap<KeyholderWorker>(this.#worker);
		const port = (await this.#wayToLender)?.port;
		const handedOn = port && transfer(port, [port]);
		const calls = await worker.start(lock, proxy(this.errands), handedOn);
		void navigator.locks.request(lock, () => {
			this.#over({ code: 'worker-lost' });
		});
		return calls;
	}

	/** The worker ended, and not because it was asked to. */
	#over(fault: Fault): void {
		if (this.#ended) return;
		this.end();
		this.onLost(fault);
	}
}
