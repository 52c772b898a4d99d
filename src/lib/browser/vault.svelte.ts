/**
 * The state of an open vault. Apart from the rest of the tab's state, so that the unlock page need
 * not load the list, the search and the table of providers.
 */
import { createContext } from 'svelte';
import { agreedTime } from '#lib/browser/agreed-time.ts';
import type { Clipboard } from '#lib/browser/clipboard.svelte.ts';
import { browserClock } from '#lib/browser/clock.ts';
import { AccountEnd } from '#lib/browser/preferences-account.svelte.ts';
import { Preferences } from '#lib/browser/preferences.svelte.ts';
import { Reminders } from '#lib/browser/reminders.svelte.ts';
import { StepUp } from '#lib/browser/security-proof.svelte.ts';
import type { ServerCalls } from '#lib/browser/server-calls.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { Vaults } from '#lib/browser/vaults.svelte.ts';
import { Wallet } from '#lib/browser/wallet.svelte.ts';

export class Vault {
	readonly wallet: Wallet;
	readonly preferences: Preferences;
	/** Asks for the password once more, wherever an act needs it. */
	readonly stepUp: StepUp;
	readonly end: AccountEnd;
	readonly vaults: Vaults;
	readonly reminders: Reminders;

	constructor(session: Session, clipboard: Clipboard, server: Pick<ServerCalls, 'time'>) {
		const time = agreedTime(browserClock, () => server.time());
		this.wallet = new Wallet(session, clipboard, browserClock, time);
		this.preferences = new Preferences(session);
		this.stepUp = new StepUp(session);
		this.end = new AccountEnd(session, this.stepUp);
		this.vaults = new Vaults(session, this.wallet);
		this.reminders = new Reminders(session, browserClock);
	}
}

export const [vaultContext, setVaultContext] = createContext<Vault>();

/** Binds `vault` to the page's events; the function returned unbinds it. For `onMount`. */
export function bindVault({ wallet }: Vault): () => void {
	const bound = new AbortController();
	const { signal } = bound;
	const on = (type: string, action: () => void) => {
		addEventListener(type, action, { signal });
	};
	on('focus', () => {
		wallet.wake();
	});
	on('blur', () => {
		wallet.reveals.hide();
	});
	on('online', () => {
		wallet.network(true);
	});
	on('offline', () => {
		wallet.network(false);
	});
	document.addEventListener(
		'visibilitychange',
		() => {
			if (document.visibilityState === 'visible') wallet.wake();
		},
		{ signal }
	);
	wallet.network(navigator.onLine);
	return () => {
		bound.abort();
	};
}
