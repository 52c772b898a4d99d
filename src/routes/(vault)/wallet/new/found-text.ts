/** What is said of a value that was pasted: whose it seems to be. */
import { candidatesFor, detect } from '#lib/items/providers.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { listText } from '#lib/i18n/words.ts';
import type { Found } from '../../../drafts.svelte.ts';

/** Named in one sentence: more would not be read. */
export const NAMED = 5;

const SENTENCES = { test: m.add_found_test, live: m.add_found_live, any: m.add_found };

export function foundText(value: string, variable: string | undefined): Found {
	const detected = detect(value, variable);
	if (detected === undefined) {
		const names = candidatesFor(value).map(({ name }) => name);
		const text =
			names.length > 1
				? m.add_found_many({ names: listText(names.slice(0, NAMED)) })
				: m.add_found_nothing();
		return { recognised: false, text };
	}
	return {
		recognised: true,
		text: SENTENCES[detected.mode ?? 'any']({ provider: detected.provider.name })
	};
}
