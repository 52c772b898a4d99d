/**
 * The worker that hosts the keyholder: the only thread in which the keys of an account are.
 *
 * It holds a lock of the browser for as long as it lives. The page waits for the same lock, and so
 * learns of its end however that came about.
 */
import { expose, proxy, type ProxyMarked } from 'comlink';
import { browserClock } from '#lib/browser/clock.ts';
import type { Errands } from '#lib/browser/workers/errands.ts';
import { KeyholderCalls } from '#lib/browser/workers/keyholder-calls.ts';
import { LendingPort } from '#lib/browser/workers/lending-port.ts';

export class KeyholderWorker {
	/**
	 * @param lock the name of the lock to hold
	 * @param lender leads to the worker that all tabs share, where the browser has such workers
	 */
	async start(
		lock: string,
		errands: Errands & ProxyMarked,
		lender?: MessagePort
	): Promise<KeyholderCalls & ProxyMarked> {
		await new Promise<void>((held) => {
			void navigator.locks.request(lock, () => {
				held();
				return new Promise(() => undefined);
			});
		});
		const lending = new LendingPort(lender, browserClock);
		return proxy(new KeyholderCalls(globalThis.location.origin, errands, lending));
	}
}

expose(new KeyholderWorker());
