/** What an account sees of its own log, and the notes that its clients add to it. */
import { and, desc, eq, gte, inArray, like, lt, not, or, sql, type SQL } from 'drizzle-orm';
import {
	ACTIVITY_PAGE,
	type ActivityCountsReply,
	type ActivityDevice,
	type ActivityKind,
	type ActivityQuery,
	type ActivityReply,
	type ActivityRow,
	type AuditEvent,
	type NoteRequest
} from '#lib/api/activity.ts';
import { fromUtf8 } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { deviceIdOf, record } from '#lib/server/audit.ts';
import { vaults } from '#lib/server/db/schema.ts';
import { audit, auditDevices, notes } from '#lib/server/db/schema-audit.ts';
import { ServerError } from '#lib/server/errors.ts';
import { auditDevicePlace, notePlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';

const QUARTER_MS = 900_000;

/** Of what kind each event is; of reads and notes, what they were for says it. */
const KINDS: Readonly<
	Record<
		Exclude<AuditEvent, 'secret.read' | 'note'>,
		Exclude<ActivityKind, 'copied' | 'shown' | 'exported'>
	>
> = {
	'account.made': 'account',
	'account.commit': 'account',
	'vault.commit': 'changed',
	'sign-in': 'sign-ins',
	'sign-in.failed': 'refused',
	unlock: 'sign-ins',
	'unlock.failed': 'refused',
	proof: 'sign-ins',
	'proof.failed': 'refused',
	'proof.refused': 'refused',
	'proof.limited': 'refused',
	'sign-out': 'sign-ins',
	'second-factor.failed': 'refused',
	'second-factor.on': 'account',
	'second-factor.off': 'account',
	'session.ended': 'sign-ins',
	'sessions.ended': 'sign-ins',
	'password.changed': 'account',
	'password.raised': 'account',
	'passkey.added': 'account',
	'kit.used': 'sign-ins',
	rotated: 'account',
	'restore.accepted': 'account',
	'vault.made': 'account',
	'vault.dropped': 'account',
	'email.asked': 'account',
	'email.changed': 'account',
	'erasure.begun': 'account',
	'erasure.stopped': 'account',
	'reminders.set': 'account',
	'reminder.sent': 'account',
	admin: 'account'
};

type Row = typeof audit.$inferSelect;
type NoteRow = Pick<typeof notes.$inferSelect, 'vault' | 'id' | 'generation' | 'blob'>;

/** One page of the log, newest first. What is another's, or nowhere, is not among it. */
export async function listActivity(
	server: Server,
	account: Id,
	query: ActivityQuery
): Promise<ActivityReply> {
	const { orm } = server.database;
	const rows = await orm
		.select()
		.from(audit)
		.where(chosen(account, query))
		.orderBy(desc(audit.seq))
		.limit(ACTIVITY_PAGE + 1);
	const shown = rows.slice(0, ACTIVITY_PAGE);
	const named = shown.flatMap(({ note }) => (note === null ? [] : [note]));
	const theirNotes: NoteRow[] =
		named.length === 0
			? []
			: await orm
					.select()
					.from(notes)
					.where(and(eq(notes.account, account), inArray(notes.id, named)));
	return {
		rows: shown.map((row) => rowOf(server, row, theirNotes)),
		more: rows.length > ACTIVITY_PAGE,
		devices: await devicesOf(server, account)
	};
}

/** How many rows of the log there are, by quarters of an hour. */
export async function countActivity(
	server: Server,
	account: Id,
	query: ActivityQuery
): Promise<ActivityCountsReply> {
	const quarter = sql<number>`${audit.at} / ${sql.raw(String(QUARTER_MS))}`;
	const rows = await server.database.orm
		.select({ quarter, rows: sql<number>`count(*)` })
		.from(audit)
		.where(chosen(account, query))
		.groupBy(quarter)
		.orderBy(desc(quarter))
		.limit(40_000);
	return { quarters: rows.map(({ quarter: at, rows: count }) => [at, count]) };
}

/**
 * Takes a note of a client into the log.
 *
 * @throws {ServerError} `not-found` if the account has no such vault; `malformed` if it has that note.
 */
export async function writeNote(
	server: Server,
	account: Id,
	vault: Id,
	{ id, item, act, blob }: NoteRequest
): Promise<undefined> {
	const { database, wrapper } = server;
	const { orm } = database;
	const [found] = await orm
		.select({ generation: vaults.generation })
		.from(vaults)
		.where(and(eq(vaults.account, account), eq(vaults.id, vault)));
	if (found === undefined) throw new ServerError('not-found', 'no such vault');
	const row = { event: 'note', vault, detail: act, note: id } as const;
	const { outcome } = await database.write([
		orm.insert(notes).values({
			account,
			vault,
			id,
			generation: found.generation,
			blob: wrapper.wrap(notePlace(account, vault, id), blob)
		}),
		...record(server, account, [item === undefined ? row : { ...row, item }])
	]);
	if (outcome !== 'written') throw new ServerError('malformed', 'there is a note of that id');
	return undefined;
}

function chosen(account: Id, query: ActivityQuery): SQL | undefined {
	const { before, from, until, kind, device, item } = query;
	return and(
		eq(audit.account, account),
		before === undefined ? undefined : lt(audit.seq, Number(before)),
		from === undefined ? undefined : gte(audit.at, Number(from)),
		until === undefined ? undefined : lt(audit.at, Number(until)),
		kind === undefined ? undefined : ofKind(kind),
		device === undefined ? undefined : eq(audit.device, device),
		item === undefined ? undefined : eq(audit.item, item)
	);
}

function ofKind(kind: ActivityKind): SQL | undefined {
	const note = (act: string) => and(eq(audit.event, 'note'), eq(audit.detail, act));
	const read = (purpose: string) => and(eq(audit.event, 'secret.read'), eq(audit.detail, purpose));
	switch (kind) {
		case 'copied':
			return or(read('copy'), note('copied'));
		case 'shown':
			return or(read('reveal'), read('edit'));
		case 'exported':
			return or(
				and(eq(audit.event, 'secret.read'), like(audit.detail, 'export%')),
				note('exported')
			);
		case 'changed':
			return or(inArray(audit.event, eventsOf(kind)), note('changed'));
		case 'sign-ins':
			return or(inArray(audit.event, eventsOf(kind)), codeAsked());
		case 'refused':
			return and(inArray(audit.event, eventsOf(kind)), not(codeAsked()));
		case 'account':
			return inArray(audit.event, eventsOf(kind));
	}
}

/** A sign-in that came without its code, and was asked for it. */
function codeAsked(): SQL {
	return sql`(${audit.event} = 'second-factor.failed' and ${audit.detail} is 'missing')`;
}

function eventsOf(kind: ActivityKind): string[] {
	return Object.entries(KINDS).flatMap(([event, its]) => (its === kind ? [event] : []));
}

function rowOf(
	{ wrapper }: Server,
	{ seq, at, account, event, detail, vault, item, device, note }: Row,
	theirNotes: readonly NoteRow[]
): ActivityRow {
	const found = theirNotes.find((each) => each.id === note && each.vault === vault);
	return {
		seq,
		atMs: at,
		event,
		...(detail === null ? {} : { detail }),
		...(vault === null ? {} : { vault }),
		...(item === null ? {} : { item }),
		...(device === null ? {} : { device }),
		...(found === undefined
			? {}
			: {
					note: {
						id: found.id,
						generation: found.generation,
						blob: wrapper.unwrap(notePlace(account, found.vault, found.id), found.blob)
					}
				})
	};
}

async function devicesOf(server: Server, account: Id): Promise<ActivityDevice[]> {
	const rows = await server.database.orm
		.select({ id: auditDevices.id, name: auditDevices.name })
		.from(auditDevices)
		.where(eq(auditDevices.account, account));
	const current = deviceIdOf(server, account);
	return rows.map(({ id, name }) => ({
		id,
		name: fromUtf8(server.wrapper.unwrap(auditDevicePlace(account, id), name)),
		current: id === current
	}));
}
