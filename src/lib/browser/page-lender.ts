/**
 * This page's part in what tabs lend each other: it says that it lives, and hands a port on to its own
 * worker. Nothing that is lent passes through here.
 */
import { LENDER_NAME, startLender } from '#lib/browser/workers/start.ts';

export class PageLender {
	#worker: SharedWorker | undefined;
	#tab: Promise<string> | undefined;

	/** Whether something is kept. Where nothing is, no worker is started to be asked. */
	async lends(): Promise<boolean> {
		const { held = [] } = await navigator.locks.query();
		return held.some(({ name }) => name === LENDER_NAME);
	}

	/** A way to the lender, for a worker with keys; undefined where this browser has none. */
	async connect(): Promise<MessagePort | undefined> {
		if (!('SharedWorker' in globalThis)) return undefined;
		try {
			this.#worker ??= startLender();
			const tab = await (this.#tab ??= holdForLife());
			const { port1, port2 } = new MessageChannel();
			this.#worker.port.postMessage(tab, [port1]);
			return port2;
		} catch {
			// Each tab is on its own then.
			return undefined;
		}
	}
}

/** @returns the name of a lock that this page holds while it lives. */
async function holdForLife(): Promise<string> {
	const tab = `keyhold-tab-${crypto.randomUUID()}`;
	await new Promise<void>((held) => {
		void navigator.locks.request(tab, () => {
			held();
			return new Promise(() => undefined);
		});
	});
	return tab;
}
