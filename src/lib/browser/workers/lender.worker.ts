/**
 * The worker that all tabs share: see `lender.ts`. A page makes a connection for each worker of its
 * own, and hands a port for it on. What is said over that port passes through no page.
 */
import { z } from '#lib/api/zod.ts';
import { browserClock } from '#lib/browser/clock.ts';
import { Tabs } from '#lib/browser/tabs.ts';
import { Lender, type Visitor } from '#lib/browser/workers/lender.ts';
import { Coming, Going, ToLender } from '#lib/browser/workers/lender-messages.ts';

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
	const coming = z.safeParse(Coming, data);
	if (!coming.success) return undefined;
	const visitor = lender.visit(coming.data.tab);
	port.addEventListener('message', ({ data: said }: MessageEvent<unknown>) => {
		const heard = z.safeParse(ToLender, said);
		if (!heard.success) return;
		visitor.hear(heard.data, (answer) => {
			port.postMessage(answer);
		});
	});
	port.start();
	return visitor;
}

/** Whatever else than its last word a page says, it is not to be kept for. */
function goodbye(visitor: Visitor, data: unknown): void {
	const going = z.safeParse(Going, data);
	visitor.leave(going.success && going.data.keep);
}
