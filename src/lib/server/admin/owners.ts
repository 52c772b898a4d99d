/** What the host does for, or about, one person: named by the email, as the person would say it. */
import { eq } from 'drizzle-orm';
import { utf8 } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { EventOf } from '#lib/server/admin/messages.ts';
import { record } from '#lib/server/audit.ts';
import { accounts, backupCodes, secondFactors, sessions } from '#lib/server/db/schema.ts';
import { dropStatements } from '#lib/server/dropping.ts';
import { readEmail } from '#lib/server/email.ts';
import { ServerError } from '#lib/server/errors.ts';
import { invite } from '#lib/server/invitations.ts';
import { notify } from '#lib/server/mail/notices.ts';
import { secondFactorState } from '#lib/server/second-factor.ts';
import type { Server } from '#lib/server/server.ts';

/** @throws {ServerError} `malformed`; `taken`; `closed` where no invitation would be taken. */
export async function inviteOwner(server: Server, typed: string): Promise<EventOf<'invitation'>> {
	const { registration } = server.env;
	if (registration === 'closed') {
		throw new ServerError('closed', 'REGISTRATION is closed: no invitation would be taken');
	}
	if ((await find(server, typed)) !== undefined) {
		throw new ServerError('taken', 'that email has an account already');
	}
	return { event: 'invitation', ...(await invite(server, typed)), registration };
}

/**
 * For someone whose authenticator and backup codes are lost. All sessions end: they began by more than
 * is asked for now. It opens nothing: password, kit or passkey are needed as before.
 *
 * @throws {ServerError} `malformed`; `not-found`
 */
export async function disableSecondFactor(
	server: Server,
	typed: string
): Promise<EventOf<'second-factor-off'>> {
	const account = await accountOf(server, typed);
	const { database } = server;
	const { orm } = database;
	const { on } = await secondFactorState(server, account);
	if (!on) return { event: 'second-factor-off', wasOn: false };
	const { outcome } = await database.write([
		orm.delete(secondFactors).where(eq(secondFactors.account, account)),
		orm.delete(backupCodes).where(eq(backupCodes.account, account)),
		orm.delete(sessions).where(eq(sessions.account, account)),
		...(await notify(server, account, 'second-factor-off', {})),
		...record(server, account, [
			{ event: 'admin', detail: 'disable-second-factor' },
			{ event: 'second-factor.off' }
		])
	]);
	if (outcome !== 'written')
		throw new ServerError('failed', 'a second factor could not be dropped');
	return { event: 'second-factor-off', wasOn: true };
}

/**
 * For someone who lost a device and cannot sign in to end its session. It opens and shuts nothing
 * else: who knows the password comes in again.
 *
 * @throws {ServerError} `malformed`; `not-found`
 */
export async function endSessions(
	server: Server,
	typed: string
): Promise<EventOf<'sessions-ended'>> {
	const account = await accountOf(server, typed);
	const { database } = server;
	const { length } = await server.sessions.list(account);
	const { outcome } = await database.write([
		database.orm.delete(sessions).where(eq(sessions.account, account)),
		...record(server, account, [
			{ event: 'admin', detail: 'end-sessions' },
			{ event: 'sessions.ended' }
		])
	]);
	if (outcome !== 'written') throw new ServerError('failed', 'sessions could not be ended');
	return { event: 'sessions-ended', count: length };
}

/** @throws {ServerError} `malformed`; `not-found` */
export async function deleteAccount(
	server: Server,
	typed: string
): Promise<EventOf<'account-deleted'>> {
	const account = await accountOf(server, typed);
	const { outcome } = await server.database.write([
		...(await notify(server, account, 'account-deleted', {})),
		...dropStatements(server, account)
	]);
	if (outcome !== 'written') throw new ServerError('failed', 'an account could not be dropped');
	return { event: 'account-deleted' };
}

async function accountOf(server: Server, typed: string): Promise<Id> {
	const account = await find(server, typed);
	if (account === undefined) throw new ServerError('not-found', 'no account has that email');
	return account;
}

async function find({ database, keys }: Server, typed: string): Promise<Id | undefined> {
	const index = keys.index('email', utf8(readEmail(typed)));
	const [row] = await database.orm
		.select({ id: accounts.id })
		.from(accounts)
		.where(eq(accounts.emailIndex, index));
	return row?.id;
}
