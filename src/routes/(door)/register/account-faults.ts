/** What is wrong with a new account's email or password, as a sentence; undefined if nothing is. */
import {
	checkNewPassword,
	PASSWORD_MAX_BYTES,
	PASSWORD_MIN_CODE_POINTS
} from '#lib/browser/new-password.ts';
import type { Strength } from '#lib/browser/strength.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { guessingTime } from '../../strength-text.ts';

/** Only what the keyholder would refuse in any case: the address itself is judged by nobody. */
export function emailFault(email: string): string | undefined {
	return /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : m.register_email_wrong();
}

/** @param strength of this very password */
export function passwordFault(password: string, strength: Strength): string | undefined {
	if (password === '') return m.register_password_missing();
	const fault = checkNewPassword(password);
	if (fault === 'not-text') return m.register_password_characters();
	if (fault === 'too-long') return m.register_password_long({ count: PASSWORD_MAX_BYTES });
	if (fault === 'too-short') return m.register_password_short({ count: PASSWORD_MIN_CODE_POINTS });
	if (strength.accepted) return undefined;
	return m.register_password_weak({ time: guessingTime(strength.seconds) });
}
