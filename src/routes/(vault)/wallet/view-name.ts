/** What is wrong with the name of a view. */
import { NAME_LENGTH } from '#lib/items/settings.ts';
import * as m from '#lib/i18n/generated/messages.js';

/** A sentence for a name that no view can have. */
export function viewNameFault(name: string): string | undefined {
	if (name === '') return m.views_name_missing();
	return name.length > NAME_LENGTH ? m.views_name_long({ limit: NAME_LENGTH }) : undefined;
}
