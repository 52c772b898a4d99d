/**
 * Mails that tell the owner what was done to the account. Each is queued in the batch of what it
 * tells of: both happen or neither does.
 */
import type { Language } from '#lib/api/mail.ts';
import type { Id } from '#lib/encoding/id.ts';
import * as m from '#lib/i18n/any-language.ts';
import { deviceParts } from '#lib/i18n/device.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { addresseeOf } from '#lib/server/mail/addressee.ts';
import { compose, type Wording } from '#lib/server/mail/compose.ts';
import { momentText } from '#lib/server/mail/language.ts';
import { queued } from '#lib/server/mail/queue.ts';
import type { Server } from '#lib/server/server.ts';

/** What the mail of an event needs to know besides the event. */
interface Special {
	/** Codes that are left. */
	readonly 'backup-code-used': { readonly left: number };
	/** The new address; the mail goes to both. */
	readonly 'email-changed': { readonly email: string };
}

export type NoticeEvent =
	| 'new-device'
	| 'password-changed'
	| 'password-raised'
	| 'slots-changed'
	| 'second-factor-on'
	| 'second-factor-off'
	| 'backup-code-used'
	| RarerEvent;
type RarerEvent =
	'recovery-used' | 'email-changed' | 'rotated' | 'restore-accepted' | 'account-deleted';

/** `device`: what did it, such as "Firefox on Linux", where that is known. */
export type NoticeDetails<E extends NoticeEvent> = {
	readonly device?: string | undefined;
} & (E extends keyof Special ? Special[E] : unknown);

interface Facts {
	readonly device?: string | undefined;
	readonly left?: number;
	readonly email?: string;
}

/**
 * Statements that queue the mail of `event`, for the batch of the event itself; none where no mail is
 * sent. The address is the one that the account has now, before that batch.
 */
export async function notify<E extends NoticeEvent>(
	server: Server,
	account: Id,
	event: E,
	details: NoticeDetails<E>
): Promise<Statement[]> {
	if (server.env.smtp === undefined) return [];
	const addressee = await addresseeOf(server, account);
	if (addressee === undefined) return [];
	const { to: email, language } = addressee;
	const facts: Facts = details;
	const wording = wordingOf(event, facts, language, server.now());
	const to = facts.email === undefined ? [email] : [email, facts.email];
	return to.flatMap((address) => queued(server, compose(server, address, language, wording)));
}

function wordingOf(event: NoticeEvent, facts: Facts, locale: Language, nowMs: number): Wording {
	const { subject, what, advice } = sentencesOf(event, facts, { locale });
	const moment = momentText(nowMs, locale);
	const when =
		facts.device === undefined
			? m.mail_when({ moment }, { locale })
			: m.mail_when_device({ moment, device: deviceText(facts.device, locale) }, { locale });
	return { subject, lines: [what, when, advice] };
}

function deviceText(device: string, locale: Language): string {
	const parts = deviceParts(device);
	return parts === undefined ? device : m.device_on(parts, { locale });
}

function sentencesOf(
	event: NoticeEvent,
	{ left = 0, email = '' }: Facts,
	locale: { readonly locale: Language }
): { subject: string; what: string; advice: string } {
	const advice = m.mail_not_you({}, locale);
	switch (event) {
		case 'new-device':
			return {
				subject: m.mail_new_device_subject({}, locale),
				what: m.mail_new_device({}, locale),
				advice
			};
		case 'password-changed':
			return {
				subject: m.mail_password_changed_subject({}, locale),
				what: m.mail_password_changed({}, locale),
				advice: m.mail_not_you_kit({}, locale)
			};
		case 'password-raised':
			return {
				subject: m.mail_password_raised_subject({}, locale),
				what: m.mail_password_raised({}, locale),
				advice: m.mail_not_you_raised({}, locale)
			};
		case 'slots-changed':
			return {
				subject: m.mail_slots_changed_subject({}, locale),
				what: m.mail_slots_changed({}, locale),
				advice
			};
		case 'second-factor-on':
			return {
				subject: m.mail_second_factor_on_subject({}, locale),
				what: m.mail_second_factor_on({}, locale),
				advice
			};
		case 'second-factor-off':
			return {
				subject: m.mail_second_factor_off_subject({}, locale),
				what: m.mail_second_factor_off({}, locale),
				advice
			};
		case 'backup-code-used':
			return {
				subject: m.mail_backup_code_used_subject({}, locale),
				what: m.mail_backup_code_used({ count: left }, locale),
				advice
			};
		default:
			return rarerSentencesOf(event, email, locale);
	}
}

function rarerSentencesOf(
	event: RarerEvent,
	email: string,
	locale: { readonly locale: Language }
): { subject: string; what: string; advice: string } {
	switch (event) {
		case 'recovery-used':
			return {
				subject: m.mail_recovery_used_subject({}, locale),
				what: m.mail_recovery_used({}, locale),
				advice: m.mail_not_you({}, locale)
			};
		case 'email-changed':
			return {
				subject: m.mail_email_changed_subject({}, locale),
				what: m.mail_email_changed({ email }, locale),
				advice: m.mail_not_you_host({}, locale)
			};
		case 'rotated':
			return {
				subject: m.mail_rotated_subject({}, locale),
				what: m.mail_rotated({}, locale),
				advice: m.mail_not_you_kit({}, locale)
			};
		case 'restore-accepted':
			return {
				subject: m.mail_restore_accepted_subject({}, locale),
				what: m.mail_restore_accepted({}, locale),
				advice: m.mail_not_you({}, locale)
			};
		case 'account-deleted':
			return {
				subject: m.mail_account_deleted_subject({}, locale),
				what: m.mail_account_deleted({}, locale),
				advice: m.mail_account_deleted_advice({}, locale)
			};
	}
}
