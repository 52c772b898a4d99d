/**
 * The state of one tab: made once by the root layout, handed down by context, bound here to the
 * page's own events.
 */
import { createContext } from 'svelte';
import { AutoLock } from '#lib/browser/auto-lock.svelte.ts';
import { Clipboard, CLIPBOARD_SECONDS } from '#lib/browser/clipboard.svelte.ts';
import { browserClock } from '#lib/browser/clock.ts';
import { keepStorage } from '#lib/browser/device/keep.ts';
import { deviceMemory } from '#lib/browser/device/remembered.ts';
import { ShownLanguage } from '#lib/browser/shown-language.svelte.ts';
import { pageServer, type ServerCalls } from '#lib/browser/server-calls.ts';
import { PageLender } from '#lib/browser/page-lender.ts';
import { Session } from '#lib/browser/session.svelte.ts';
import type { StrengthMeter } from '#lib/browser/strength.ts';
import { knowsPasskeys } from '#lib/browser/support.ts';
import { Tabs } from '#lib/browser/tabs.ts';
import { workerHosts } from '#lib/browser/worker-host.ts';
import { writeClipboard } from '#lib/browser/write-clipboard.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { lazily } from '#lib/keyholder/lazily.ts';

export class App {
	readonly session: Session;
	readonly clipboard: Clipboard;
	readonly autoLock: AutoLock;
	/** Made where a password is chosen first: who unlocks need not load it. */
	strength?: StrengthMeter;
	readonly tabs = new Tabs();
	readonly language = new ShownLanguage();
	/** Undefined where there can be none. */
	readonly passkeys = knowsPasskeys(location.hostname)
		? lazily(async () => {
				const { pagePasskeys } = await import('#lib/browser/passkey.ts');
				return pagePasskeys(randomBytes);
			})
		: undefined;
	/** What is asked of the server without an account. */
	readonly server: ServerCalls = pageServer();

	constructor() {
		const clock = browserClock;
		const { tabs } = this;
		const lender = new PageLender();
		this.session = new Session({
			clock,
			memory: deviceMemory,
			startHost: workerHosts(lender),
			lends: () => lender.lends(),
			passkeys: this.passkeys,
			tellLocked: (reason) => {
				tabs.tellLocked(reason);
			},
			tellOpened: (account) => {
				tabs.tellOpened(account);
			},
			tellChanged: () => {
				tabs.tellChanged();
			}
		});
		tabs.onChanged(() => void this.session.follow());
		tabs.onPresent(() => {
			this.autoLock.active();
		});
		tabs.onLocked((reason) => {
			this.session.lockToo(reason);
		});
		tabs.onOpened((account) => {
			this.session.openedElsewhere(account);
		});
		this.clipboard = new Clipboard(
			{ clock, write: writeClipboard, hasFocus: () => document.hasFocus() },
			() => this.session.view?.settings.clipboardSeconds ?? CLIPBOARD_SECONDS
		);
		this.autoLock = new AutoLock(
			clock,
			(reason) => {
				this.session.lock(reason);
			},
			() => this.session.view?.settings.autoLock ?? {}
		);
		this.session.onLock(() => {
			this.autoLock.stop();
			void this.clipboard.clear();
		});
		this.session.onUnlock(() => {
			void keepStorage(navigator.storage);
			this.autoLock.start();
			this.strength?.end();
		});
	}
}

export const [appContext, setAppContext] = createContext<App>();

/** Movements and keys count as presence; more often than this they need not be heard. */
const PRESENCE_MS = 1_000;
/** Nor told to other tabs: the shortest time after which they lock is a minute. */
const TELL_PRESENCE_MS = 5_000;

/**
 * Binds `app` to the page's events; the function returned unbinds it. For `onMount` of the root
 * layout.
 */
export function bindToPage(app: App): () => void {
	const bound = new AbortController();
	const { signal } = bound;
	let heardAt = 0;
	let toldAt = 0;
	const present = () => {
		const now = browserClock.now();
		if (Math.abs(now - heardAt) < PRESENCE_MS) return;
		heardAt = now;
		app.autoLock.active();
		if (app.session.phase !== 'unlocked' || Math.abs(now - toldAt) < TELL_PRESENCE_MS) return;
		toldAt = now;
		app.tabs.tellPresent();
	};
	for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
		addEventListener(type, present, { signal, passive: true, capture: true });
	}
	const focused = () => {
		app.autoLock.check();
		void app.clipboard.clearOverdue();
	};
	addEventListener('focus', focused, { signal });
	// What a browser takes for a wish of the person.
	for (const type of ['pointerup', 'keydown']) {
		addEventListener(type, () => void app.clipboard.clearOverdue(), { signal });
	}
	document.addEventListener(
		'visibilitychange',
		() => {
			if (document.visibilityState === 'hidden') app.autoLock.hidden();
			else focused();
		},
		{ signal }
	);
	const left = ({ persisted }: PageTransitionEvent) => {
		// A page that is kept for "back" must not come back with anything in it.
		if (persisted) app.session.lock('left');
	};
	addEventListener('pagehide', left, { signal });
	addEventListener('pageshow', left, { signal });
	return () => {
		bound.abort();
	};
}
