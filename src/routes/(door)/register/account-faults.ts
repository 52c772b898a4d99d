/** What is wrong with a new account's email or password, as a sentence; undefined if nothing is. */
import type { Strength } from '#lib/browser/strength.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { guessingTime } from '../../strength-text.ts';

/** Only what the keyholder would refuse in any case: the address itself is judged by nobody. */
export function emailFault(email: string): string | undefined {
	return /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : m.register_email_wrong();
}

/** @param strength of this very password; undefined while it is being judged */
export function passwordFault(
	password: string,
	strength: Strength | undefined
): string | undefined {
	if (password === '') return m.register_password_missing();
	if (strength === undefined) return m.register_password_judging();
	if (strength.accepted) return undefined;
	return m.register_password_weak({ time: guessingTime(strength.seconds) });
}
