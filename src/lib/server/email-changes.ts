/**
 * Another email for an account. It takes the place of the old one by an account commit, because it is
 * in the salt of the password's slot; where mail is sent, only after links to both addresses were
 * followed: to the old one, so that whoever got the password cannot take the account over unseen,
 * and to the new one, so that nobody loses an account to a mistyped address.
 */
import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import type { EmailChangeState } from '#lib/api/email-changes.ts';
import { fromUtf8, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import * as m from '#lib/i18n/any-language.ts';
import { homeOfAddress } from '#lib/server/addresses.ts';
import { record } from '#lib/server/audit.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { emailChanges, links } from '#lib/server/db/schema-waiting.ts';
import { readEmail } from '#lib/server/email.ts';
import type { Member } from '#lib/server/endpoint.ts';
import { ServerError } from '#lib/server/errors.ts';
import { findLink, newLink, onlyIf, useUp } from '#lib/server/links.ts';
import { addresseeOf } from '#lib/server/mail/addressee.ts';
import { isMailable } from '#lib/server/mail/address.ts';
import { mailLimits, ownerOf, requireMail } from '#lib/server/mail/asked.ts';
import { compose, type Wording } from '#lib/server/mail/compose.ts';
import { queued } from '#lib/server/mail/queue.ts';
import type { Server } from '#lib/server/server.ts';
import type { Place } from '#lib/server/wrap/wrapper.ts';

const WAITS_MS = 86_400_000;
/** Links that were mailed to the address that an account had. */
const OF_ADDRESS = ['recover', 'erase', 'email-old', 'email-new'] as const;
const NONE = { state: 'none' } as const;

/** The change that waits, if there is one. */
export async function emailChangeOf(server: Server, account: Id): Promise<EmailChangeState> {
	const row = await changeOf(server, account);
	if (row === undefined) return NONE;
	const { oldConfirmed, newConfirmed } = row;
	return { state: 'waiting', email: openEmail(server, row), oldConfirmed, newConfirmed };
}

/**
 * Asks for a change. The answer is the same if the address has an account, whose owner then gets a
 * mail without a link. Where no mail is sent there is nothing to wait for.
 *
 * @throws {ServerError} `proof`; `malformed`; `limited`.
 */
export async function askEmailChange(member: Member, typed: string): Promise<EmailChangeState> {
	const { server, account, network } = member;
	const email = readEmail(typed);
	await requireProof(member, PROOF_PURPOSE.account);
	if (server.env.smtp === undefined) return NONE;
	if (!isMailable(email)) throw new ServerError('malformed', 'no mail can go to that address');
	await server.limits.reserve(mailLimits(network, 'email', email));
	const { outcome } = await server.database.write([
		...waiting(server, account, email),
		...(await mailStatements(server, account, email)),
		...record(server, account, [{ event: 'email.asked' }])
	]);
	if (outcome !== 'written') throw new ServerError('failed', 'a change of email was refused');
	return { state: 'waiting', email, oldConfirmed: false, newConfirmed: false };
}

/** Follows one of the two links. @throws {ServerError} `not-found`, `link` */
export async function confirmEmailChange(server: Server, token: Bytes): Promise<void> {
	requireMail(server);
	const link = await findLink(server, token, ['email-old', 'email-new']);
	const { account } = link;
	if (account === null) throw new ServerError('link', 'a link about no account');
	const confirmed = link.use === 'email-old' ? { oldConfirmed: true } : { newConfirmed: true };
	const { outcome } = await server.database.write([
		...useUp(server, account, link),
		server.database.orm.update(emailChanges).set(confirmed).where(eq(emailChanges.account, account))
	]);
	if (outcome !== 'written') throw new ServerError('link', 'the link was used before');
}

/**
 * What an account commit with a new email needs where mail is sent: that very email, confirmed at
 * both addresses.
 *
 * @param email in its one form.
 * @returns statements for the batch of the commit, which fails if that is not so any more.
 * @throws {ServerError} `link`
 */
export async function requireConfirmedEmail(
	server: Server,
	account: Id,
	email: string
): Promise<Statement[]> {
	if (server.env.smtp === undefined) return [];
	const row = await changeOf(server, account);
	const confirmed = row?.oldConfirmed === true && row.newConfirmed;
	if (!confirmed || openEmail(server, row) !== email) {
		throw new ServerError('link', 'an email that was not confirmed at both addresses');
	}
	const { orm } = server.database;
	// No two changes of an account end alike. Not by the wrapped email: the host's command may wrap it again.
	const own = and(eq(emailChanges.account, account), eq(emailChanges.expiresAt, row.expiresAt));
	const both = and(own, emailChanges.oldConfirmed, emailChanges.newConfirmed);
	const still = sql`exists (select 1 from ${emailChanges} where ${both})`;
	return [
		onlyIf(server, account, still),
		orm.delete(emailChanges).where(own),
		orm.delete(links).where(and(eq(links.account, account), inArray(links.use, [...OF_ADDRESS])))
	];
}

/** Takes the place of a change that waits, and of its links. */
function waiting({ database, wrapper, now }: Server, account: Id, email: string): Statement[] {
	const { orm } = database;
	const change = {
		email: wrapper.wrap(changePlace(account), utf8(email)),
		oldConfirmed: false,
		newConfirmed: false,
		expiresAt: now() + WAITS_MS
	};
	const later = sql`max(excluded.expires_at, ${emailChanges.expiresAt} + 1)`;
	return [
		orm
			.delete(links)
			.where(and(eq(links.account, account), inArray(links.use, ['email-old', 'email-new']))),
		orm
			.insert(emailChanges)
			.values({ account, ...change })
			.onConflictDoUpdate({ target: emailChanges.account, set: { ...change, expiresAt: later } })
	];
}

async function mailStatements(server: Server, account: Id, email: string): Promise<Statement[]> {
	const owner = await addresseeOf(server, account);
	if (owner === undefined) throw new ServerError('auth', 'the account is gone');
	const [toOld, toNew] = [
		newLink(server, 'email-old', { account }),
		newLink(server, 'email-new', { account })
	];
	const old = { locale: owner.language };
	const atOld = {
		subject: m.mail_email_subject({}, old),
		lines: [m.mail_email_old({ email }, old), m.mail_email_old_advice({}, old)],
		link: { label: m.mail_email_link({}, old), url: toOld.url }
	};
	const other = await ownerOf(await homeOfAddress(server, email), email);
	const taken = other.account !== null;
	const language = taken ? other.language : owner.language;
	const locale = { locale: language };
	const subject = m.mail_email_subject({}, locale);
	const atNew: Wording = taken
		? { subject, lines: [m.mail_email_taken({}, locale)] }
		: {
				subject,
				lines: [m.mail_email_new({}, locale), m.mail_not_asked({}, locale)],
				link: { label: m.mail_email_link({}, locale), url: toNew.url }
			};
	return [
		...toOld.statements,
		...toNew.statements,
		...queued(server, compose(server, owner.to, owner.language, atOld)),
		...queued(server, compose(server, email, language, atNew))
	];
}

async function changeOf({ database, now }: Server, account: Id) {
	const [row] = await database.orm
		.select()
		.from(emailChanges)
		.where(and(eq(emailChanges.account, account), gt(emailChanges.expiresAt, now())));
	return row;
}

function openEmail({ wrapper }: Server, row: typeof emailChanges.$inferSelect): string {
	return fromUtf8(wrapper.unwrap(changePlace(row.account), row.email));
}

function changePlace(account: Id): Place {
	return { table: 'email_changes', row: [account], column: 'email' };
}
