/** What is said of a value that was pasted: whose it seems to be. */
import type { Draft } from '#lib/items/key.ts';
import { candidatesFor, detect, providerById } from '#lib/items/providers.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { listText } from '#lib/i18n/words.ts';
import type { Found } from '../../../drafts.svelte.ts';

/** Named in one sentence: more would not be read. */
export const NAMED = 5;

const SENTENCES = { test: m.add_found_test, live: m.add_found_live, any: m.add_found };

/** Whose the value of a draft looks to be; else whose the file is that it was read of. */
export function foundText({ fields, envVars, provider }: Draft): Found {
	const value = fields[0]?.value ?? '';
	const of = providerById(provider ?? '');
	const detected = detect(value, envVars?.[0]) ?? (of && { provider: of, mode: undefined });
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
