/**
 * The state of an open vault. Apart from the rest of the tab's state, so that the unlock page need
 * not load the list, the search and the table of providers.
 */
import { createContext } from 'svelte';
import { agreedTime } from '#lib/browser/agreed-time.ts';
import type { Clipboard } from '#lib/browser/clipboard.svelte.ts';
import { browserClock } from '#lib/browser/clock.ts';
import { Erasure } from '#lib/browser/erasure.svelte.ts';
import { Preferences } from '#lib/browser/preferences.svelte.ts';
import type { Reminders } from '#lib/browser/reminders.svelte.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import type { ServerCalls } from '#lib/browser/server-calls.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { Vaults } from '#lib/browser/vaults.svelte.ts';
import { Wallet } from '#lib/browser/wallet.svelte.ts';

export class Vault {
	readonly wallet: Wallet;
	readonly preferences: Preferences;
	readonly erasure: Erasure;
	readonly vaults: Vaults;
	/** Asks for the password once more; made by the first that may need it. */
	stepUp = $state.raw<StepUp>();
	/** Made where a key has a reminder, or may get one. */
	reminders = $state.raw<Reminders>();

	constructor(
		private readonly session: Session,
		clipboard: Clipboard,
		server: Pick<ServerCalls, 'time'>
	) {
		const time = agreedTime(browserClock, () => server.time());
		this.wallet = new Wallet(session, clipboard, browserClock, time);
		this.preferences = new Preferences(session);
		this.erasure = new Erasure(session);
		this.vaults = new Vaults(session, this.wallet);
	}

	/**
	 * Looks whether the server knows the days of reminders. To be called in an effect: it looks at all
	 * that may change its answer.
	 */
	lookAtReminders(online: boolean): void {
		const { reminders } = this;
		const some = this.wallet.all.some(({ row }) => row.overview.reminderOn !== undefined);
		if (reminders !== undefined) reminders.look(online);
		// Nobody waits for it; where it does not load, the next change tries again.
		else if (some && online) void this.#loadReminders().catch(() => undefined);
	}

	async #loadReminders(): Promise<void> {
		const { Reminders } = await import('#lib/browser/reminders.svelte.ts');
		this.reminders ??= new Reminders(this.session, browserClock);
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
