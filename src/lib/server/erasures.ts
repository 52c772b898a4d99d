/**
 * Starting over, where password and kit are lost: nobody can open the account, so it is erased. Not
 * at once, because whoever reads somebody's mail could then destroy what they cannot read: first
 * seven days of notices go out, and each holds a link that stops it.
 *
 * A day counts if the notice at its beginning was taken by the mail server before its end. So nothing
 * is erased while the mail server is down, or refuses the address: an owner who cannot be told keeps
 * the account, and what it costs is that the host, who can be asked, must delete it.
 */
import { and, eq, inArray, lte, sql } from 'drizzle-orm';
import type { ErasureBegun, ErasureState } from '#lib/api/erasures.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import * as m from '#lib/i18n/any-language.ts';
import { record } from '#lib/server/audit.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { erasures, links, mails } from '#lib/server/db/schema-waiting.ts';
import { dropStatements } from '#lib/server/dropping.ts';
import { ServerError } from '#lib/server/errors.ts';
import { findLink, newLink, onlyIf, useUp } from '#lib/server/links.ts';
import { errorFields } from '#lib/server/log.ts';
import { addresseeOf } from '#lib/server/mail/addressee.ts';
import { admitMail, ownerOf, requireMail } from '#lib/server/mail/asked.ts';
import { compose } from '#lib/server/mail/compose.ts';
import { momentText } from '#lib/server/mail/language.ts';
import { notify } from '#lib/server/mail/notices.ts';
import { newMail, queued } from '#lib/server/mail/queue.ts';
import type { Server } from '#lib/server/server.ts';

const DAY_MS = 86_400_000;
const NOTICED_FOR_MS = 7 * DAY_MS;

type ErasureRow = typeof erasures.$inferSelect;

/**
 * Mails the link that begins it. For an address that has no account as much is written, and nothing
 * sent.
 *
 * @throws {ServerError} `not-found` where no mail is sent; `malformed`; `limited`.
 */
export async function mailErasure(server: Server, network: string, typed: string): Promise<void> {
	const email = await admitMail(server, network, 'erase', typed);
	const { account, language, to } = await ownerOf(server, email);
	const link = newLink(server, 'erase', { account });
	const locale = { locale: language };
	const wording = {
		subject: m.mail_erase_subject({}, locale),
		lines: [m.mail_erase({}, locale), m.mail_erase_days({}, locale), m.mail_not_asked({}, locale)],
		link: { label: m.mail_erase_link({}, locale), url: link.url }
	};
	const mail = compose(server, to, language, wording);
	await server.database.write([...link.statements, ...queued(server, mail)]);
}

/**
 * Follows that link. One that is under way goes on as it is.
 *
 * @throws {ServerError} `not-found` where no mail is sent; `link`.
 */
export async function beginErasure(server: Server, token: Bytes): Promise<ErasureBegun> {
	requireMail(server);
	const { database, now } = server;
	const link = await findLink(server, token, ['erase']);
	const { account } = link;
	if (account === null) throw new ServerError('link', 'a link about no account');
	const begun = await erasureOf(server, account);
	const eraseAt = begun.eraseAtMs ?? now() + NOTICED_FOR_MS;
	const beginning =
		begun.eraseAtMs === undefined ? await beginStatements(server, account, eraseAt) : [];
	const { outcome } = await database.write([...useUp(server, account, link), ...beginning]);
	if (outcome !== 'written') throw new ServerError('link', 'the link was used before');
	return { eraseAtMs: eraseAt };
}

async function beginStatements(server: Server, account: Id, eraseAt: number): Promise<Statement[]> {
	const { database, now } = server;
	const notice = await newNotice(server, account, eraseAt);
	const row = { account, eraseAt, noticeAt: now() + DAY_MS, waitingNotice: notice.id };
	return [
		database.orm.insert(erasures).values(row),
		...notice.statements,
		...record(server, account, [{ event: 'erasure.begun' }])
	];
}

/** Follows a link that stops it. @throws {ServerError} `not-found` where no mail is sent; `link` */
export async function stopErasure(server: Server, token: Bytes): Promise<void> {
	requireMail(server);
	const { database } = server;
	const link = await findLink(server, token, ['erase-stop']);
	const { account } = link;
	if (account === null) throw new ServerError('link', 'a link about no account');
	const ofErasure = inArray(links.use, ['erase', 'erase-stop']);
	const { outcome } = await database.write([
		...useUp(server, account, link),
		database.orm.delete(erasures).where(eq(erasures.account, account)),
		database.orm.delete(links).where(and(eq(links.account, account), ofErasure)),
		...record(server, account, [{ event: 'erasure.stopped' }])
	]);
	if (outcome !== 'written') throw new ServerError('link', 'the link was used before');
}

/** Whether one is under way, for whoever is signed in. */
export async function erasureOf({ database }: Server, account: Id): Promise<ErasureState> {
	const [row] = await database.orm
		.select({ eraseAt: erasures.eraseAt })
		.from(erasures)
		.where(eq(erasures.account, account));
	return row === undefined ? {} : { eraseAtMs: row.eraseAt };
}

/** Sends the notices that are due, and erases what was noticed for seven days. */
export async function runErasures(server: Server): Promise<void> {
	const due = await server.database.orm
		.select()
		.from(erasures)
		.where(lte(erasures.noticeAt, server.now()));
	for (const row of due) {
		try {
			await runErasure(server, row);
		} catch (error) {
			// Another's is not held up by it, and this one is due again the next time.
			server.log.write('error', 'an erasure failed', errorFields(error));
		}
	}
}

/** What did not count is added: days without their notice, and those on which the server did not run. */
async function runErasure(server: Server, row: ErasureRow): Promise<void> {
	const { database, now } = server;
	const { account, eraseAt, noticeAt, waitingNotice } = row;
	const lateMs = now() - noticeAt;
	const missedMs = lateMs < DAY_MS ? 0 : lateMs;
	const lostMs = waitingNotice === null ? missedMs : DAY_MS + lateMs;
	if (lostMs === 0 && eraseAt <= now()) {
		await erase(server, row);
		return;
	}
	const next = { eraseAt: eraseAt + lostMs, noticeAt: now() + DAY_MS };
	const notice = await newNotice(server, account, next.eraseAt);
	await database.write([
		notStopped(server, row),
		database.orm.delete(mails).where(eq(mails.id, waitingNotice ?? '')),
		database.orm
			.update(erasures)
			.set({ ...next, waitingNotice: notice.id })
			.where(eq(erasures.account, account)),
		...notice.statements
	]);
}

async function erase(server: Server, row: ErasureRow): Promise<void> {
	const { account } = row;
	await server.database.write([
		notStopped(server, row),
		...(await notify(server, account, 'account-deleted', {})),
		...dropStatements(server, account)
	]);
}

/**
 * A statement that fails its batch if the erasure was stopped since it was read, begun anew, or
 * noticed by another process.
 */
function notStopped(server: Server, { account, eraseAt, noticeAt }: ErasureRow): Statement {
	const own = and(
		eq(erasures.account, account),
		eq(erasures.eraseAt, eraseAt),
		eq(erasures.noticeAt, noticeAt)
	);
	return onlyIf(server, account, sql`exists (select 1 from ${erasures} where ${own})`);
}

/** A notice, by the name of its mail. */
async function newNotice(
	server: Server,
	account: Id,
	eraseAt: number
): Promise<{ id: string; statements: readonly Statement[] }> {
	const addressee = await addresseeOf(server, account);
	if (addressee === undefined) throw new ServerError('link', 'the account is gone');
	const { to, language } = addressee;
	const locale = { locale: language };
	const link = newLink(server, 'erase-stop', { account });
	const moment = momentText(eraseAt, language);
	const wording = {
		subject: m.mail_erase_notice_subject({}, locale),
		lines: [m.mail_erase_notice({ moment }, locale), m.mail_erase_notice_advice({}, locale)],
		link: { label: m.mail_erase_stop_link({}, locale), url: link.url }
	};
	const { id, statements } = newMail(server, compose(server, to, language, wording));
	return { id, statements: [...link.statements, ...statements] };
}
