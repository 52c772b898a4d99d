/**
 * Reminders by mail, for who has asked for them. All that is known here is on which days: a Monday or
 * the first of a month. The mail says that something is due and not what, since nobody here knows.
 */
import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import { isCoarseDay, type RemindersState } from '#lib/api/reminders.ts';
import type { Id } from '#lib/encoding/id.ts';
import * as m from '#lib/i18n/any-language.ts';
import { record } from '#lib/server/audit.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { reminders } from '#lib/server/db/schema-waiting.ts';
import type { Member } from '#lib/server/endpoint.ts';
import { ServerError } from '#lib/server/errors.ts';
import { onlyIf } from '#lib/server/links.ts';
import { errorFields } from '#lib/server/log.ts';
import { addresseeOf } from '#lib/server/mail/addressee.ts';
import { requireMail } from '#lib/server/mail/asked.ts';
import { compose } from '#lib/server/mail/compose.ts';
import { queued } from '#lib/server/mail/queue.ts';
import type { Server } from '#lib/server/server.ts';

/** Later than this a reminder only puzzles: the server did not run, or sent no mail. */
const LATE_MS = 7 * 86_400_000;

/** The days that are waited for. */
export async function remindersOf(server: Server, account: Id): Promise<RemindersState> {
	const { orm } = server.database;
	const rows = await orm
		.select({ day: reminders.day })
		.from(reminders)
		.where(eq(reminders.account, account))
		.orderBy(reminders.day);
	const days = rows.map(({ day }) => day).filter(isCoarseDay);
	return { mail: server.env.smtp !== undefined, days };
}

/**
 * Waits for `days` and no others. Those that have come are the sender's: they are neither taken back
 * nor asked for again.
 *
 * @throws {ServerError} `not-found` where no mail is sent.
 */
export async function setReminders(
	{ server, account }: Member,
	days: readonly string[]
): Promise<RemindersState> {
	requireMail(server);
	const { database } = server;
	const { orm } = database;
	const today = dayOf(server.now());
	const before = (await remindersOf(server, account)).days.filter((day) => day > today);
	const wanted = [...new Set(days)].filter((day) => day > today).sort();
	if (before.join() === wanted.join()) return await remindersOf(server, account);
	const own = eq(reminders.account, account);
	const { outcome } = await database.write([
		orm.delete(reminders).where(and(own, gt(reminders.day, today))),
		...(wanted.length === 0
			? []
			: [orm.insert(reminders).values(wanted.map((day) => ({ account, day })))]),
		...record(server, account, [{ event: 'reminders.set', detail: String(wanted.length) }])
	]);
	if (outcome !== 'written') throw new ServerError('failed', 'reminders could not be stored');
	return await remindersOf(server, account);
}

/** Queues the mails of the days that have come, one for each account, each once. */
export async function runReminders(server: Server): Promise<void> {
	const today = dayOf(server.now());
	const due = await server.database.orm
		.selectDistinct({ account: reminders.account })
		.from(reminders)
		.where(lte(reminders.day, today));
	for (const { account } of due) {
		try {
			await remind(server, account, today);
		} catch (error) {
			// Another's is not held up by it, and this one is due again the next time.
			server.log.write('error', 'a reminder failed', errorFields(error));
		}
	}
}

async function remind(server: Server, account: Id, today: string): Promise<void> {
	const { database } = server;
	const { days } = await remindersOf(server, account);
	const come = days.filter((day) => day <= today);
	const oldest = dayOf(server.now() - LATE_MS);
	const timely = come.some((day) => day >= oldest);
	const own = and(eq(reminders.account, account), inArray(reminders.day, come));
	await database.write([
		// Another process may have sent it since.
		onlyIf(server, account, sql`exists (select 1 from ${reminders} where ${own})`),
		database.orm
			.delete(reminders)
			.where(and(eq(reminders.account, account), lte(reminders.day, today))),
		...(timely ? await mailed(server, account) : [])
	]);
}

async function mailed(server: Server, account: Id): Promise<Statement[]> {
	const addressee = await addresseeOf(server, account);
	if (addressee === undefined) return [];
	const { to, language } = addressee;
	const locale = { locale: language };
	const wording = {
		subject: m.mail_reminder_subject({}, locale),
		lines: [m.mail_reminder({}, locale), m.mail_reminder_off({}, locale)],
		link: { label: m.mail_reminder_link({}, locale), url: `${server.env.origin}/wallet` }
	};
	return [
		...queued(server, compose(server, to, language, wording)),
		...record(server, account, [{ event: 'reminder.sent' }])
	];
}

function dayOf(ms: number): string {
	return new Date(ms).toISOString().slice(0, 10);
}
