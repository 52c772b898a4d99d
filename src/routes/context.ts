/** What pages share besides the state of the tab: what is said to screen readers, what was typed. */
import { createContext } from 'svelte';
import type { Activity } from '#lib/browser/activity.svelte.ts';
import type { Backup } from '#lib/browser/backup.svelte.ts';
import type { Importing } from '#lib/browser/importing.svelte.ts';
import type { AccountEnd } from '#lib/browser/preferences-account.svelte.ts';
import type { EmailChange } from '#lib/browser/preferences-email.svelte.ts';
import type { Security } from '#lib/browser/security.svelte.ts';
import type { Vault } from '#lib/browser/vault.svelte.ts';
import type { ListedKey } from '#lib/browser/search.ts';
import type { Drafts } from './drafts.svelte.ts';
import type { Speech } from './speech.svelte.ts';

export interface Desk {
	readonly speech: Speech;
	readonly drafts: Drafts;
	/** Made when the vault is opened first, and kept for the next time. */
	vault?: Vault;
	/** Made when the activity is opened first. */
	activity?: Activity;
	/** Made when the backup's page is opened first. */
	backup?: Backup;
	/** Made when the import's page is opened first. */
	importing?: Importing;
	/** An encrypted backup that was chosen where files are imported, for the page that restores it. */
	toRestore?: File | undefined;
	/** Keys that were marked in the wallet to be exported, for the page that does it. */
	toExport?: readonly ListedKey['row'][] | undefined;
	/** Made when one of the security pages is opened first. */
	security?: Security;
	/** Made when the settings are opened first. */
	emailChange?: EmailChange;
	/** The same. */
	accountEnd?: AccountEnd;
}

export const [useDesk, provideDesk] = createContext<Desk>();
