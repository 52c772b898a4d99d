/** What pages share besides the state of the tab: what is said to screen readers, what was typed. */
import { createContext } from 'svelte';
import type { Drafts } from './drafts.ts';
import type { Speech } from './speech.svelte.ts';

export interface Desk {
	readonly speech: Speech;
	readonly drafts: Drafts;
}

export const [useDesk, provideDesk] = createContext<Desk>();
