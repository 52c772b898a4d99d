/** What of a paste was left out, and which of it. */
import { numberText } from '#lib/i18n/dates.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { listText } from '#lib/i18n/words.ts';
import type { Pasted } from '#lib/items/paste.ts';
import { shownText } from '#lib/ui/shown-text.ts';
import { NAMED } from './found-text.ts';

/** Undefined where nothing was. A line is named by its number: what stands in it may be a value. */
export function leftOutText({
	skipped,
	which
}: Pick<Pasted, 'skipped' | 'which'>): string | undefined {
	if (skipped === 0) return undefined;
	if (which.length === 0) return m.add_skipped({ count: skipped });
	const named = which
		.slice(0, NAMED)
		.map((each) =>
			typeof each === 'number' ? m.add_skipped_line({ number: each }) : shownText(each)
		);
	const more = skipped - named.length;
	const rest = more > 0 ? [m.add_skipped_more({ count: numberText(more) })] : [];
	return m.add_skipped_which({ which: listText([...named, ...rest]) });
}
