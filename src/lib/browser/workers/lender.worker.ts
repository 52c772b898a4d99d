/**
 * The worker that all tabs share: see `lender.ts`. Each tab tells it the name of a lock of the browser
 * that it holds while it lives, and hands it a port to its own worker with the keys. What is said over
 * that port passes through no page.
 */
import { browserClock } from '#lib/browser/clock.ts';
import { Tabs } from '#lib/browser/tabs.ts';
import { Lender, type ToLender } from '#lib/browser/workers/lender.ts';

const lender = new Lender({
	clock: browserClock,
	gone: (tab) => navigator.locks.request(tab, () => undefined),
	show() {
		let hide: () => void = () => undefined;
		const hidden = new Promise<void>((resolve) => {
			hide = resolve;
		});
		// By its own name: pages of the same build know it.
		void navigator.locks.request(String(Reflect.get(globalThis, 'name')), () => hidden);
		return hide;
	}
});
const tabs = new Tabs();
tabs.onPresent(() => {
	lender.present();
});
tabs.onLocked(() => {
	lender.forget();
});

addEventListener('connect', (event) => {
	const [page] = (event as MessageEvent).ports;
	page?.addEventListener('message', ({ data, ports: [port] }: MessageEvent<string>) => {
		const tab = data;
		lender.join(tab);
		port?.addEventListener('message', ({ data: said }: MessageEvent<ToLender>) => {
			lender.hear(tab, said, (answer) => {
				port.postMessage(answer);
			});
		});
		port?.start();
	});
	page?.start();
});
