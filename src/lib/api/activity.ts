/** The activity of an account: rows of the server's log, and what clients wrote beside them. */
import { NOTE_MAX_BYTES, NOTE_MIN_BYTES } from '#lib/api/limits.ts';
import { bytesBetween, Generation, Id, Seq, UnixMs } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

/** Rows of one answer. */
export const ACTIVITY_PAGE = 100;
/** Quarters of an hour in which something happened: more than a year has. */
const QUARTERS = 40_000;
/** Kinds of device that an account's rows may come from: as many as there are words for them. */
const DEVICES = 200;

/**
 * What rows of the log tell of. The names are stable: docs/operations.md says what each means.
 * A page may be older than its server, so an answer may hold others.
 */
export const AUDIT_EVENTS = [
	'account.made',
	'account.commit',
	'vault.commit',
	'secret.read',
	'note',
	'sign-in',
	'sign-in.failed',
	'unlock',
	'unlock.failed',
	'proof',
	'proof.failed',
	'proof.refused',
	'proof.limited',
	'sign-out',
	'second-factor.failed',
	'second-factor.on',
	'second-factor.off',
	'session.ended',
	'sessions.ended',
	'password.changed',
	'password.raised',
	'passkey.added',
	'kit.used',
	'rotated',
	'restore.accepted',
	'vault.made',
	'vault.dropped',
	'email.asked',
	'email.changed',
	'erasure.begun',
	'erasure.stopped',
	'reminders.set',
	'reminder.sent',
	'admin'
] as const;
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

/**
 * What the lines of the log are filtered by. Each event is of one kind, but for a sign-in that lacked
 * its code: that was asked for it, and is not among the refused.
 */
export const ActivityKind = z.enum([
	'copied',
	'shown',
	'changed',
	'exported',
	'sign-ins',
	'refused',
	'account'
]);
export type ActivityKind = z.infer<typeof ActivityKind>;

/** What a client did that the server cannot see by itself. */
const NoteAct = z.enum(['copied', 'changed', 'exported']);

/** A note of a client: what `act` was about, sealed. `item` if it was about one key. */
export const NoteRequest = z.strictObject({
	id: Id,
	item: z.optional(Id),
	act: NoteAct,
	blob: bytesBetween(NOTE_MIN_BYTES, NOTE_MAX_BYTES)
});
export type NoteRequest = z.infer<typeof NoteRequest>;

const Count = z.string().check(z.regex(/^\d{1,16}$/));

/** Of the query: rows below the seq `before`, from one moment until before another. */
export const ActivityQuery = z.strictObject({
	before: z.optional(Count),
	from: z.optional(Count),
	until: z.optional(Count),
	kind: z.optional(ActivityKind),
	device: z.optional(Id),
	item: z.optional(Id)
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;

/** `seq` counts the rows of the account. `detail` is of the event: a seq, a purpose, a reason. */
export const ActivityRow = z.strictObject({
	seq: Seq,
	atMs: UnixMs,
	event: z.string().check(z.maxLength(40)),
	detail: z.optional(z.string().check(z.maxLength(100))),
	vault: z.optional(Id),
	item: z.optional(Id),
	device: z.optional(Id),
	note: z.optional(
		z.strictObject({
			id: Id,
			generation: Generation,
			blob: bytesBetween(NOTE_MIN_BYTES, NOTE_MAX_BYTES)
		})
	)
});
export type ActivityRow = z.infer<typeof ActivityRow>;

/** `name`: what a browser said it is, such as "Firefox on Linux"; never more than that. */
export const ActivityDevice = z.strictObject({
	id: Id,
	name: z.string().check(z.maxLength(60)),
	current: z.boolean()
});
export type ActivityDevice = z.infer<typeof ActivityDevice>;

/** Newest first. `more`: there are older ones. */
export const ActivityReply = z.strictObject({
	rows: z.array(ActivityRow).check(z.maxLength(ACTIVITY_PAGE)),
	more: z.boolean(),
	devices: z.array(ActivityDevice).check(z.maxLength(DEVICES))
});
export type ActivityReply = z.infer<typeof ActivityReply>;

/**
 * How many rows there are in each quarter of an hour since 1970 that has some. A client adds them up
 * to days of its own time zone, all of which begin at such a quarter.
 */
export const ActivityCountsReply = z.strictObject({
	quarters: z.array(z.tuple([z.int(), z.int()])).check(z.maxLength(QUARTERS))
});
export type ActivityCountsReply = z.infer<typeof ActivityCountsReply>;
