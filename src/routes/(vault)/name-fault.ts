/** What is wrong with the name of a person, a vault, a passkey or a view. */
import { NAME_LENGTH } from '#lib/items/settings.ts';
import * as m from '#lib/i18n/generated/messages.js';

/** A sentence for a name that settings do not hold. */
export function longName(name: string): string | undefined {
	return name.length > NAME_LENGTH ? m.name_long({ limit: NAME_LENGTH }) : undefined;
}

/** @param missing what is said where there is none */
export function nameFault(name: string, missing: string): string | undefined {
	return name === '' ? missing : longName(name);
}
