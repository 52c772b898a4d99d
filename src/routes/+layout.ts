import { startLanguage } from '#lib/browser/shown-language.svelte.ts';

export const ssr = false;
export const prerender = true;

/** Before any page: none of them draws a text before its language is there. */
export async function load() {
	await startLanguage();
}
