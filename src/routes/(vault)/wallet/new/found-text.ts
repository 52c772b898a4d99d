/** What is said of a value that was pasted: whose it seems to be. */
import { candidatesFor, detect } from '#lib/items/providers.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { listText } from '#lib/i18n/words.ts';

/** Named in one sentence: more would not be read. */
export const NAMED = 5;

export function foundText(value: string, variable: string | undefined): string {
	const detected = detect(value, variable);
	if (detected === undefined) {
		const names = candidatesFor(value).map(({ name }) => name);
		return names.length > 1
			? m.add_found_many({ names: listText(names.slice(0, NAMED)) })
			: m.add_found_nothing();
	}
	const provider = detected.provider.name;
	if (detected.mode === 'test') return m.add_found_test({ provider });
	return detected.mode === 'live' ? m.add_found_live({ provider }) : m.add_found({ provider });
}
