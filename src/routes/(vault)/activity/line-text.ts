/** A line of the activity log in words. */
import type { AuditEvent } from '#lib/api/activity.ts';
import type { ActivityLine } from '#lib/browser/activity.svelte.ts';
import { ONLY_FIELD } from '#lib/items/paste.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { listText, midSentence } from '#lib/i18n/words.ts';

type Note = NonNullable<ActivityLine['note']>;

/** @param nameOf the name of a key by its id, where the vault has it. */
export function lineText(line: ActivityLine, nameOf: (item: string) => string | undefined): string {
	const name = (line.item === undefined ? undefined : nameOf(line.item)) ?? m.activity_key_gone();
	if (line.event === 'note') {
		return line.note === undefined ? m.act_note_unread() : noteText(line.note, name);
	}
	if (line.event === 'secret.read') return readText(line, name);
	if (line.event === 'vault.commit') {
		return line.item === undefined
			? m.act_commit({ seq: line.detail ?? '' })
			: m.act_commit_key({ name });
	}
	if (asksForCode(line)) return m.act_code_asked();
	return isPlain(line.event) ? EVENTS[line.event]() : m.act_other();
}

/** Whether it tells of something that was refused. */
export function isRefusal(line: ActivityLine): boolean {
	return /(failed|refused|limited)$/.test(line.event) && !asksForCode(line);
}

/** Every sign-in with a second factor comes without its code first, and is asked for it. */
function asksForCode({ event, detail }: ActivityLine): boolean {
	return event === 'second-factor.failed' && detail === 'missing';
}

/**
 * A line of each event but those that hold more than their name. One that is missing does not
 * compile.
 */
const EVENTS: Readonly<
	Record<Exclude<AuditEvent, 'note' | 'secret.read' | 'vault.commit'>, () => string>
> = {
	'account.made': m.act_account_made,
	'account.commit': m.act_account_commit,
	'sign-in': m.act_sign_in,
	'sign-in.failed': m.act_sign_in_failed,
	unlock: m.act_unlock,
	'unlock.failed': m.act_unlock_failed,
	proof: m.act_proof,
	'proof.failed': m.act_proof_failed,
	'proof.refused': m.act_proof_refused,
	'proof.limited': m.act_limited,
	'sign-out': m.act_sign_out,
	'second-factor.failed': m.act_code_failed,
	'second-factor.on': m.act_factor_on,
	'second-factor.off': m.act_factor_off,
	'session.ended': m.act_session_ended,
	'sessions.ended': m.act_sessions_ended,
	'password.changed': m.act_password,
	'password.raised': m.act_password_raised,
	'passkey.added': m.act_passkey,
	'kit.used': m.act_kit,
	rotated: m.act_rotated,
	'restore.accepted': m.act_restored,
	'vault.made': m.act_vault_made,
	'vault.dropped': m.act_vault_dropped,
	'email.asked': m.act_email_asked,
	'email.changed': m.act_email_changed,
	'erasure.begun': m.act_erasure_begun,
	'erasure.stopped': m.act_erasure_stopped,
	'reminders.set': m.act_reminders_set,
	'reminder.sent': m.act_reminder_sent,
	admin: m.act_admin
};

/** A newer server may name an event that this page does not know. */
function isPlain(event: string): event is keyof typeof EVENTS {
	return Object.hasOwn(EVENTS, event);
}

function readText({ detail = '' }: ActivityLine, name: string): string {
	const many = /^export of (\d+)$/.exec(detail)?.[1];
	if (many !== undefined) return m.act_read_exports({ count: Number(many) });
	switch (detail) {
		case 'copy':
			return m.act_read_copy({ name });
		case 'reveal':
			return m.act_read_reveal({ name });
		case 'edit':
			return m.act_read_edit({ name });
		default:
			return m.act_read_export({ name });
	}
}

function noteText(note: Note, name: string): string {
	switch (note.act) {
		case 'copied':
			if (note.form === 'text') return m.act_said_text({ name });
			// One value needs no name beside that of its key.
			return note.field === undefined || note.field === ONLY_FIELD
				? m.act_said_value({ name })
				: m.act_said_field({ field: note.field, name });
		case 'exported':
			return EXPORTS[note.form]({ count: note.count });
		case 'changed':
			return note.count === 1 ? changeText(note, name) : MANY[note.did]({ count: note.count });
	}
}

function changeText({ did, members }: Extract<Note, { act: 'changed' }>, name: string): string {
	if (did === 'edited' && members !== undefined) {
		const words = [...new Set(members.map(memberText))];
		return m.act_said_members({ name, members: listText(words) });
	}
	return ONE[did]({ name });
}

const ONE = {
	created: m.act_said_created,
	edited: m.act_said_edited,
	trashed: m.act_said_trashed,
	restored: m.act_said_restored,
	deleted: m.act_said_deleted
} as const;
const MANY = {
	created: m.act_said_many_created,
	edited: m.act_said_many_edited,
	trashed: m.act_said_many_trashed,
	restored: m.act_said_many_restored,
	deleted: m.act_said_many_deleted
} as const;
const EXPORTS = {
	age: m.act_said_export_age,
	env: m.act_said_export_env,
	json: m.act_said_export_json
} as const;

const MEMBERS: Readonly<Record<string, () => string>> = {
	name: m.form_name,
	provider: m.form_provider,
	project: m.form_project,
	environment: m.form_environment,
	envVars: m.form_env,
	tags: m.form_tags,
	url: m.form_url,
	note: m.form_note,
	expiresOn: m.form_expires,
	rotateEveryDays: m.form_rotate,
	status: m.act_member_status,
	revoked: m.act_member_status,
	archivedAt: m.act_member_status,
	values: m.act_member_values,
	previousCount: m.act_member_previous,
	previousUntil: m.act_member_previous
};

function memberText(name: string): string {
	const text = Object.hasOwn(MEMBERS, name) ? MEMBERS[name]?.() : undefined;
	return midSentence(text ?? m.act_member_other());
}
