/**
 * This page's part in what tabs lend each other: it says that it lives, and hands a port on to each of
 * its own workers. Nothing that is lent passes through here.
 */
import type { Coming, Going } from '#lib/browser/workers/lender-messages.ts';
import { LENDER_NAME, startLender } from '#lib/browser/workers/start.ts';

/** The way of one worker to the lender. */
export interface WayToLender {
	/** For the worker. */
	readonly port: MessagePort;
	/** That worker is ended, and is not heard any more. Unless `keep`, what it has lent is taken back. */
	close(keep: boolean): void;
}

export class PageLender {
	#tab: Promise<string> | undefined;

	/** Whether something is kept. Where nothing is, no worker is started to be asked. */
	async lends(): Promise<boolean> {
		const { held = [] } = await navigator.locks.query();
		return held.some(({ name }) => name === LENDER_NAME);
	}

	/** @returns undefined where this browser has no workers that tabs share. */
	async connect(): Promise<WayToLender | undefined> {
		if (!('SharedWorker' in globalThis)) return undefined;
		try {
			// Each time anew: one that has come to its end is started again.
			const { port: lender } = startLender();
			const tab = await (this.#tab ??= holdForLife());
			const { port1, port2 } = new MessageChannel();
			lender.postMessage({ tab } satisfies Coming, [port1]);
			return {
				port: port2,
				close(keep) {
					lender.postMessage({ keep } satisfies Going);
				}
			};
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
