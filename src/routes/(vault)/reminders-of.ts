/** The reminders of the open vault: made where a key may get one, or has one. */
import { appContext } from '#lib/browser/app.svelte.ts';
import { browserClock } from '#lib/browser/clock.ts';
import { Reminders } from '#lib/browser/reminders.svelte.ts';
import { vaultContext } from '#lib/browser/vault.svelte.ts';

/** To be called while a component is made. */
export function useReminders(): Reminders {
	const { session } = appContext();
	const vault = vaultContext();
	return (vault.reminders ??= new Reminders(session, browserClock));
}
