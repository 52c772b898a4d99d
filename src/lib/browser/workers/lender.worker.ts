/**
 * The worker that all tabs share: see `lender.ts`. A page makes a connection for each worker of its
 * own, and hands a port for it on. What is said over that port passes through no page.
 */
import { browserClock } from '#lib/browser/clock.ts';
import { Tabs } from '#lib/browser/tabs.ts';
import { Lender, type Visitor } from '#lib/browser/workers/lender.ts';
import { isComing, isGoing, isToLender } from '#lib/browser/workers/lender-messages.ts';

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
	let visitor: Visitor | undefined;
	page?.addEventListener('message', ({ data, ports: [port] }: MessageEvent<unknown>) => {
		if (visitor !== undefined) goodbye(visitor, data);
		else if (port !== undefined) visitor = welcome(data, port);
	});
	page?.start();
});

/** One port for each connection, and none for whoever does not say which tab it is. */
function welcome(data: unknown, port: MessagePort): Visitor | undefined {
	if (!isComing(data)) return undefined;
	const visitor = lender.visit(data.tab);
	port.addEventListener('message', ({ data: said }: MessageEvent<unknown>) => {
		if (!isToLender(said)) return;
		visitor.hear(said, (answer) => {
			port.postMessage(answer);
		});
	});
	port.start();
	return visitor;
}

/** Whatever else than its last word a page says, it is not to be kept for. */
function goodbye(visitor: Visitor, data: unknown): void {
	visitor.leave(isGoing(data) && data.keep);
}
