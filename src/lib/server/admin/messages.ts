/**
 * What the host's command asks of a server, and what it hears: one request, then events until the
 * end. They are the lines that travel through the socket, and the same where there is none because
 * the command has opened the database itself.
 */
import { z } from '#lib/api/zod.ts';

const EMAIL_MAX = 512;

/** Longest line of a request, in bytes. */
export const REQUEST_BYTES = 4_096;
/** Longest line of an event. */
export const EVENT_BYTES = 64 * 1024;

const Email = z.string().check(z.maxLength(EMAIL_MAX));
const Text = z.string().check(z.maxLength(4_096));
const Count = z.int().check(z.nonnegative());

export const AdminRequest = z.discriminatedUnion('command', [
	z.strictObject({ command: z.literal('accounts') }),
	z.strictObject({ command: z.literal('invite'), email: Email }),
	z.strictObject({ command: z.literal('setup-code') }),
	z.strictObject({ command: z.literal('disable-second-factor'), email: Email }),
	z.strictObject({ command: z.literal('end-sessions'), email: Email }),
	z.strictObject({ command: z.literal('delete-account'), email: Email }),
	z.strictObject({ command: z.literal('rotate-keys') }),
	z.strictObject({ command: z.literal('backup') }),
	z.strictObject({ command: z.literal('check') })
]);
export type AdminRequest = z.infer<typeof AdminRequest>;

/**
 * `account`: one for each; `email` is missing if it does not open.
 * `copy`: a copy of the database stands at `path` until whoever asked is done with it.
 * `progress`: values looked at so far, of one table.
 * `finding`: something of the database is not as it must be. `checked` ends a check.
 * `fault`: the request is not done; `input` if what was asked cannot be, else `failed`.
 * `end`: the request is done.
 */
export const AdminEvent = z.discriminatedUnion('event', [
	z.strictObject({
		event: z.literal('account'),
		email: z.optional(Email),
		createdAtMs: Count,
		sessions: Count,
		secondFactor: z.boolean(),
		keys: Count,
		bytes: Count
	}),
	z.strictObject({
		event: z.literal('invitation'),
		url: Text,
		expiresAtMs: Count,
		mailed: z.boolean(),
		registration: z.enum(['open', 'invite', 'closed'])
	}),
	z.strictObject({ event: z.literal('setup-code'), code: z.optional(Text) }),
	z.strictObject({ event: z.literal('second-factor-off'), wasOn: z.boolean() }),
	z.strictObject({ event: z.literal('sessions-ended'), count: Count }),
	z.strictObject({ event: z.literal('account-deleted') }),
	z.strictObject({ event: z.literal('progress'), table: Text, values: Count }),
	z.strictObject({
		event: z.literal('keys-rotated'),
		values: Count,
		rewrapped: Count,
		unopened: Count,
		first: Text,
		removable: z.array(Text)
	}),
	z.strictObject({ event: z.literal('copy'), path: Text, bytes: Count }),
	z.strictObject({ event: z.literal('finding'), where: Text, what: Text }),
	z.strictObject({
		event: z.literal('checked'),
		accounts: Count,
		values: Count,
		chains: Count,
		unwalked: Count,
		auditRows: Count,
		findings: Count
	}),
	z.strictObject({ event: z.literal('fault'), code: z.enum(['input', 'failed']), message: Text }),
	z.strictObject({ event: z.literal('end') })
]);
export type AdminEvent = z.infer<typeof AdminEvent>;

/** An event of one kind. */
export type EventOf<K extends AdminEvent['event']> = Extract<AdminEvent, { event: K }>;
